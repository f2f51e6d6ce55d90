package dev.gatehouse.authz.support;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.key.SigningKeyStore;
import dev.gatehouse.authz.key.SigningKeys;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.secret.KeyFile;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** Signs with the key of a server under test, as its issuers of tokens do. */
public final class OwnSigner implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final SigningKeys keys;

    public OwnSigner(RunningServer server) {
        AuthzOptions options = AuthzOptions.of(new JsonObject());
        keys = Waiting.on(SigningKeys.open(vertx, new SigningKeyStore(server.database()),
            KeyFile.loadOrCreate(server.directory().resolve("authz.key")), options.signing(), options.tokens().accessTokenSeconds(), server.clock()));
    }

    public String sign(String typ, JsonObject claims) {
        return Waiting.on(keys.sign(typ, claims));
    }

    @Override
    public void close() {
        Waiting.on(vertx.close());
    }
}
