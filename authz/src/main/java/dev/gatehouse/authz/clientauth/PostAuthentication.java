package dev.gatehouse.authz.clientauth;

import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.MultiMap;

import java.util.List;

/** Identifier and secret in the form (RFC 6749 §2.3.1). */
final class PostAuthentication implements AuthenticationMethod {

    @Override
    public ClientAuthMethod method() {
        return ClientAuthMethod.CLIENT_SECRET_POST;
    }

    @Override
    public boolean isUsed(MultiMap headers, FormParameters form) {
        return form.has("client_secret");
    }

    @Override
    public List<Credentials> read(MultiMap headers, FormParameters form) {
        String clientId = form.single("client_id");
        if (clientId == null) {
            throw ClientAuthenticator.invalidClient("a client_secret came without a client_id");
        }
        return List.of(new Credentials(method(), clientId, form.single("client_secret")));
    }
}
