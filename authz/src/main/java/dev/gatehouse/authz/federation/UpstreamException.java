package dev.gatehouse.authz.federation;

/** A failed login at an identity provider. The message is for the log; it names the check that failed and never quotes a token. */
final class UpstreamException extends RuntimeException {

    private final UpstreamFault fault;

    UpstreamException(UpstreamFault fault, String reason) {
        super(reason, null, false, false);
        this.fault = fault;
    }

    UpstreamFault fault() {
        return fault;
    }
}
