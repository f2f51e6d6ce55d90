package dev.gatehouse.authz.device;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * A device that waits for a person to approve it (RFC 8628 §3.1).
 *
 * @param userCodeHash of what the person types, made with a key
 * @param scopes at least one
 * @param resources canonical identifiers, at least one
 * @param intervalMillis between two polls
 * @param expiresAt epoch milliseconds
 */
public record DeviceRequest(String deviceHash, String userCodeHash, String clientId, Scopes scopes, List<String> resources,
                            long intervalMillis, long expiresAt) {

    public DeviceRequest {
        resources = List.copyOf(resources);
    }
}
