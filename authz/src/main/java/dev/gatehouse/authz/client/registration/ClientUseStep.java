package dev.gatehouse.authz.client.registration;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.TokenIssuer.ResponseStep;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.shared.audit.OncePerMinute;
import dev.gatehouse.shared.cache.Caches;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;

/**
 * Records the use of self-registered clients for every grant, because unused ones are removed. The record is accurate to a day,
 * which is enough to find clients that are unused for a long time.
 */
public final class ClientUseStep implements ResponseStep {

    private static final Logger LOG = LoggerFactory.getLogger(ClientUseStep.class);
    private static final long NOTED_FOR_MILLIS = Duration.ofDays(1).toMillis();
    private static final int MOST_CLIENTS = 10_000;

    private final RegistrationStore registrations;
    private final Clock clock;
    private final OncePerMinute failures = new OncePerMinute();
    private final Cache<String, Long> noted = Caches.builder().maximumSize(MOST_CLIENTS).build();

    public ClientUseStep(RegistrationStore registrations, Clock clock) {
        this.registrations = registrations;
        this.clock = clock;
    }

    @Override
    public Future<TokenResponse> apply(TokenRequest request, TokenResponse response) {
        return request.client().kind() == RegistrationKind.DYNAMIC ? note(request.client().id()).map(response)
            : Future.succeededFuture(response);
    }

    /** A failure does not reject the token request; the next request tries again. */
    private Future<Void> note(String clientId) {
        long now = clock.millis();
        Long before = noted.getIfPresent(clientId);
        if (before != null && now - before < NOTED_FOR_MILLIS) {
            return Future.succeededFuture();
        }
        return registrations.noteUse(clientId, now).onSuccess(done -> noted.put(clientId, now)).otherwise(failure -> {
            failures.write(held -> LOG.warn("Cannot record the use of client {}: {}", clientId, failure.getMessage()));
            return null;
        });
    }
}
