package dev.gatehouse.authz.clientauth;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.authz.password.PasswordHasher;
import dev.gatehouse.authz.store.Client;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.secret.KeyedHash;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Compares client secrets with their stored forms. A human-chosen secret costs an Argon2id hash, so that it was right is
 * remembered for a while, under a key that only this process has and that ends with it. What is remembered holds the
 * stored form too: a secret that is rotated away or deleted is not found by it.
 */
public final class ClientSecrets {

    private static final String GENERATED = "sha256:";
    private static final int MOST_REMEMBERED = 10_000;
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(5);
    private static final Future<Boolean> RIGHT = Future.succeededFuture(true);

    private final PasswordHasher passwords;
    private final Clock clock;
    private final KeyedHash memory = new MasterKey(SecretToken.randomBytes(32)).keyedHash("verified client secrets");
    private final Cache<String, Boolean> verified = Caches.builder()
        .maximumSize(MOST_REMEMBERED).expireAfterWrite(REMEMBERED_FOR).build();

    public ClientSecrets(PasswordHasher passwords, Clock clock) {
        this.passwords = passwords;
        this.clock = clock;
    }

    /** The stored form of a secret that was generated here, and is too random to need a slow hash. */
    public static String storedForm(String generated) {
        return GENERATED + SecretToken.hash(generated);
    }

    /** Whether a secret is one of the client's that live. A wrong one takes the time of one Argon2id hash at least. */
    Future<Boolean> verify(Client client, String secret) {
        List<String> slow = new ArrayList<>();
        long now = clock.millis();
        for (Client.Secret stored : client.secrets()) {
            if (stored.expiresAt() != null && stored.expiresAt() <= now) {
                continue;
            }
            if (isEqualOrRemembered(stored.hash(), secret)) {
                return RIGHT;
            }
            if (!stored.hash().startsWith(GENERATED)) {
                slow.add(stored.hash());
            }
        }
        return slow.isEmpty() ? verifyAbsent(secret) : verifyAny(slow.iterator(), secret);
    }

    private boolean isEqualOrRemembered(String stored, String secret) {
        return stored.startsWith(GENERATED) ? SecretToken.constantTimeEquals(stored, storedForm(secret))
            : verified.getIfPresent(memoryOf(stored, secret)) != null;
    }

    /** Takes the time that a wrong secret takes, for a client that does not exist. Returns false. */
    Future<Boolean> verifyAbsent(String secret) {
        return passwords.verifyAbsent(secret);
    }

    private Future<Boolean> verifyAny(Iterator<String> slow, String secret) {
        if (!slow.hasNext()) {
            return Future.succeededFuture(false);
        }
        String stored = slow.next();
        return passwords.verify(secret, stored).compose(right -> {
            if (right) {
                verified.put(memoryOf(stored, secret), true);
                return RIGHT;
            }
            return verifyAny(slow, secret);
        });
    }

    private String memoryOf(String stored, String secret) {
        return memory.of(stored + '\n' + secret);
    }
}
