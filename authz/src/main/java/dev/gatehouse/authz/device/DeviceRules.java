package dev.gatehouse.authz.device;

import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/** Decides what a device's poll yields (RFC 8628 §3.5). Pure. */
final class DeviceRules {

    /** A device that polls too fast has to wait this much longer from then on. */
    private static final long SLOWER_MILLIS = 5_000;
    /** A poll may come this much too early, because requests and responses do not all take the same time. */
    private static final long JITTER_MILLIS = 1_000;

    private DeviceRules() {
    }

    /**
     * A device as the store reads it.
     *
     * @param polledAt epoch milliseconds, or null
     * @param expiresAt epoch milliseconds
     * @param grant what the user approved; null unless the state is {@code APPROVED} or {@code REDEEMED}
     * @param authenticatedAt when that user entered a password, epoch milliseconds, or null
     */
    record StoredDevice(String clientId, Granted asked, State state, long intervalMillis, Long polledAt, long expiresAt, StoredGrant grant,
                        LoginClaims login) {
    }

    enum State { PENDING, APPROVED, DENIED, REDEEMED }

    /** A poll. @param resources what the access token is asked for; empty for all that was approved */
    record Poll(String deviceHash, String clientId, List<String> resources, IssueRequest issue) {

        Poll {
            resources = List.copyOf(resources);
        }
    }

    /** The decision on a poll. */
    sealed interface Outcome {
    }

    /** The device gets its tokens. */
    record Redeemed(AccessToken token) implements Outcome {
    }

    /** The user has not decided. @param intervalMillis how long to wait between two polls from now on */
    record Waiting(boolean tooFast, long intervalMillis) implements Outcome {
    }

    record Refused(Reason reason) implements Outcome {
    }

    enum Reason { DENIED, EXPIRED, UNKNOWN, OTHER_CLIENT, SPENT, USER_DISABLED, INVALID_TARGET }

    static Outcome decide(StoredDevice device, Poll poll) {
        Reason refusal = refusal(device, poll);
        if (refusal != null) {
            return new Refused(refusal);
        }
        return device.state() == State.PENDING ? waiting(device, poll.issue().at())
            : new Redeemed(poll.issue().accessToken(device.grant(), Scopes.NONE, poll.resources()));
    }

    /** Another client learns nothing more. */
    private static Reason refusal(StoredDevice device, Poll poll) {
        if (!device.clientId().equals(poll.clientId())) {
            return Reason.OTHER_CLIENT;
        }
        if (device.state() == State.REDEEMED) {
            return Reason.SPENT;
        }
        if (device.expiresAt() <= poll.issue().at()) {
            return Reason.EXPIRED;
        }
        if (device.state() != State.APPROVED) {
            return device.state() == State.DENIED ? Reason.DENIED : null;
        }
        if (device.grant().userDisabled()) {
            return Reason.USER_DISABLED;
        }
        return poll.issue().allowance().covers(device.asked(), poll.resources()) ? null : Reason.INVALID_TARGET;
    }

    private static Waiting waiting(StoredDevice device, long now) {
        boolean tooFast = device.polledAt() != null && now - device.polledAt() < device.intervalMillis() - JITTER_MILLIS;
        return new Waiting(tooFast, device.intervalMillis() + (tooFast ? SLOWER_MILLIS : 0));
    }
}
