package dev.gatehouse.shared.jose;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;

class ClaimCheckTest {

    private static final long NOW = 1_800_000_000L;
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);

    private final TimeChecks times = new TimeChecks(CLOCK, Duration.ofSeconds(30));

    @Test
    void issuerIsComparedExactly() {
        ClaimCheck check = ClaimCheck.issuer("https://as.example");
        accepts(check, claims("iss", "https://as.example"));
        refuses(check, claims("iss", "https://as.example/"));
        refuses(check, claims("iss", "https://AS.example"));
        refuses(check, claims("iss", new JsonArray().add("https://as.example")));
        refuses(check, new JsonObject());
    }

    @Test
    void audienceMayBeOneOfSeveralOrMustBeTheOnlyOne() {
        ClaimCheck any = ClaimCheck.audience(Set.of("a", "b"));
        ClaimCheck sole = ClaimCheck.soleAudience(Set.of("a", "b"));
        JsonObject several = claims("aud", new JsonArray().add("z").add("b"));
        accepts(any, several);
        refuses(sole, several);
        for (ClaimCheck check : new ClaimCheck[] {any, sole}) {
            accepts(check, claims("aud", "a"));
            accepts(check, claims("aud", new JsonArray().add("b")));
            refuses(check, claims("aud", "z"));
            refuses(check, claims("aud", 7));
            refuses(check, claims("aud", new JsonArray()));
            refuses(check, claims("aud", new JsonArray().add("a").add(7)));
            refuses(check, new JsonObject());
        }
    }

    @Test
    void expiryIsDemandedWithinTheSkew() {
        accepts(times.notExpired(), claims("exp", NOW - 29));
        refuses(times.notExpired(), claims("exp", NOW - 31));
        accepts(times.notExpired(), claims("exp", NOW + 0.5));
        refuses(times.notExpired(), claims("exp", "9999999999"));
        refuses(times.notExpired(), claims("exp", 1e300));
        refuses(times.notExpired(), claims("exp", null));
        refuses(times.notExpired(), new JsonObject());
    }

    @Test
    void notBeforeAndIssueMayBeAbsentButNotAhead() {
        JsonObject claims = claims("exp", NOW + 60);
        accepts(times.valid(), claims);
        accepts(times.valid(), claims.copy().put("nbf", NOW + 29).put("iat", NOW + 29));
        refuses(times.valid(), claims.copy().put("nbf", NOW + 31));
        refuses(times.valid(), claims.copy().put("iat", NOW + 31));
    }

    @Test
    void ageAndLifetimeAreBounded() {
        accepts(times.issuedWithin(Duration.ofMinutes(1)), claims("iat", NOW - 89));
        refuses(times.issuedWithin(Duration.ofMinutes(1)), claims("iat", NOW - 91));
        refuses(times.issuedWithin(Duration.ofMinutes(1)), claims("iat", NOW + 31));
        refuses(times.issuedWithin(Duration.ofMinutes(1)), new JsonObject());
        accepts(times.expiresWithin(Duration.ofMinutes(5)), claims("exp", NOW + 329));
        refuses(times.expiresWithin(Duration.ofMinutes(5)), claims("exp", NOW + 331));
    }

    @Test
    void skewBeyondAMinuteIsAMistake() {
        assertThatThrownBy(() -> new TimeChecks(CLOCK, Duration.ofSeconds(61)))
            .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void requiredTextsMustBeThere() {
        accepts(ClaimCheck.present("sub", "jti"), claims("sub", "x").put("jti", "y"));
        refuses(ClaimCheck.present("sub", "jti"), claims("sub", "x"));
        refuses(ClaimCheck.present("sub"), claims("sub", ""));
        refuses(ClaimCheck.present("sub"), claims("sub", 7));
    }

    private static JsonObject claims(String name, Object value) {
        return new JsonObject().put(name, value);
    }

    private static void accepts(ClaimCheck check, JsonObject claims) {
        assertThatCode(() -> check.check(claims)).doesNotThrowAnyException();
    }

    private static void refuses(ClaimCheck check, JsonObject claims) {
        assertThatThrownBy(() -> check.check(claims)).as(claims.encode()).isInstanceOf(JwtException.class);
    }
}
