package dev.gatehouse.authz.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.support.OtherIssuer;
import dev.gatehouse.authz.support.TestClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.VerificationKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class IssuerKeysTest {

    private static final String ISSUER = "https://issuer.example/tenant";
    private static final String KEYS = "https://keys.example/jwks";
    private static final String OPENID = "https://issuer.example/tenant/.well-known/openid-configuration";
    private static final String OAUTH = "https://issuer.example/.well-known/oauth-authorization-server/tenant";

    private final Vertx vertx = Vertx.vertx();
    private final OtherIssuer issuer = new OtherIssuer(ISSUER, new TestClock());
    private final Map<String, JsonObject> web = new HashMap<>(Map.of(KEYS, issuer.jwks()));
    private final List<String> fetched = new ArrayList<>();

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    @Test
    void configuredKeysAreNotFetched() {
        assertThat(keys(issuer.jwks(), null)).hasSize(1);
        assertThat(fetched).isEmpty();
    }

    @Test
    void configuredAddressIsAskedAndNothingElse() {
        assertThat(keys(null, KEYS)).hasSize(1);
        assertThat(fetched).containsExactly(KEYS);
    }

    @Test
    void metadataOfEitherKindNamesTheKeys() {
        web.put(OPENID, metadata(ISSUER));
        assertThat(keys(null, null)).hasSize(1);
        assertThat(fetched).containsExactly(OPENID, KEYS);
        web.remove(OPENID);
        web.put(OAUTH, metadata(ISSUER));
        fetched.clear();
        assertThat(keys(null, null)).hasSize(1);
        assertThat(fetched).containsExactly(OPENID, OAUTH, KEYS);
    }

    @Test
    void metadataOfAnotherIssuerAndWithoutKeysSaysNothing() {
        for (JsonObject wrong : List.of(metadata("https://issuer.example"), metadata(ISSUER + "/"), new JsonObject().put("issuer", ISSUER),
            metadata(ISSUER).put("jwks_uri", 7), new JsonObject())) {
            web.put(OPENID, wrong);
            assertThatThrownBy(() -> keys(null, null)).as(wrong.encode()).isInstanceOf(KeysUnavailableException.class);
        }
        assertThat(fetched).doesNotContain(KEYS);
    }

    private static JsonObject metadata(String name) {
        return new JsonObject().put("issuer", name).put("jwks_uri", KEYS);
    }

    private List<VerificationKey> keys(JsonObject jwks, String jwksUri) {
        TrustedIssuerOptions open = TrustedIssuerOptions.loopback(ISSUER);
        KeySource source = new IssuerKeys(vertx, this::fetch, new TestClock()).of(new TrustedIssuerOptions(ISSUER, jwks, jwksUri,
            open.algorithms(), 60, null, false, open.claims(), List.of(), List.of(), AccountMapping.Rule.NONE, List.of()));
        return Waiting.on(source.candidates("k1", SigningAlgorithm.ES256));
    }

    private Future<JsonObject> fetch(URI uri) {
        fetched.add(uri.toString());
        JsonObject found = web.get(uri.toString());
        return found == null ? Future.failedFuture(new IllegalStateException("404")) : Future.succeededFuture(found);
    }
}
