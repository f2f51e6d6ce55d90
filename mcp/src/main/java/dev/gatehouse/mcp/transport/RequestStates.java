package dev.gatehouse.mcp.transport;

import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.secret.SecretToken;

/** What seals the state that clients carry between the rounds of a call, where nobody else has to open it. */
public final class RequestStates {

    private static final int KEY_BYTES = 32;

    private RequestStates() {
    }

    /** A key of this process alone, made anew. */
    public static Sealer ofProcess() {
        return new MasterKey(SecretToken.randomBytes(KEY_BYTES)).sealer("request states");
    }
}
