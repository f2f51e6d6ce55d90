package dev.gatehouse.authz.factor;

import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.MasterKey.KeyedHash;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;

/** Challenges of passkeys. They need no row until they are used, so opening pages does not fill the store. Each is accepted once. */
final class PasskeyChallenges {

    private static final long LIFETIME_MILLIS = 600_000;

    private final UsedIdentifierStore used;
    private final KeyedHash hash;
    private final Clock clock;

    PasskeyChallenges(UsedIdentifierStore used, MasterKey key, Clock clock) {
        this.used = used;
        this.hash = key.keyedHash("passkey challenges");
        this.clock = clock;
    }

    /** Makes a challenge. @param place the browser and the use; the challenge is of no use elsewhere */
    String next(String place) {
        String text = clock.millis() + LIFETIME_MILLIS + "." + SecretToken.generate("");
        return text + "." + hash.of(place + "\n" + text);
    }

    /** Accepts a challenge of this place, once and in time. */
    Future<Boolean> accept(String challenge, String place) {
        String[] parts = challenge.split("\\.");
        if (parts.length != 3 || !SecretToken.constantTimeEquals(hash.of(place + "\n" + parts[0] + "." + parts[1]), parts[2])) {
            return Future.succeededFuture(false);
        }
        long expiresAt = Long.parseLong(parts[0]);
        return clock.millis() >= expiresAt ? Future.succeededFuture(false) : used.use("passkey challenge", parts[1], expiresAt);
    }
}
