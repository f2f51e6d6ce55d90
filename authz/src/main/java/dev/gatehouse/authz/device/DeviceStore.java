package dev.gatehouse.authz.device;

import dev.gatehouse.authz.token.TokensToIssue;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Devices that wait for people's approval, each a state machine in one row (RFC 8628). */
public interface DeviceStore {

    /** The grants of devices bear this instead of a redirect URI. */
    String PLACE = "urn:ietf:params:oauth:grant-type:device_code";

    /** Stores a request. Returns false, storing nothing, where its user code is in use. */
    Future<Boolean> begin(DeviceRequest request);

    /** The request that somebody's code stands for, while nobody has decided on it and it has not expired. */
    Future<Optional<DeviceRequest>> findPending(String userCodeHash, long now);

    /** Approves a request. Returns false where it was decided before or has expired. */
    Future<Boolean> approve(String userCodeHash, DeviceApproval approval);

    /** Denies a request. Returns false where it was decided before or has expired. */
    Future<Boolean> deny(String userCodeHash, String sub, long at);

    /**
     * Takes a poll; stores tokens for the first that comes after the approval, and for no other.
     *
     * @param resources what the access token is asked for; empty for all that was approved
     */
    Future<DeviceOutcome> poll(String deviceHash, String clientId, List<String> resources, TokensToIssue issue);
}
