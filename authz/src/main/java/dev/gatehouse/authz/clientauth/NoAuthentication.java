package dev.gatehouse.authz.clientauth;

import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.MultiMap;

import java.util.List;

/** A public client's identifier in the form, without proof (RFC 6749 §3.2.1). */
final class NoAuthentication implements AuthenticationMethod {

    @Override
    public ClientAuthMethod method() {
        return ClientAuthMethod.NONE;
    }

    @Override
    public boolean isUsed(MultiMap headers, FormParameters form) {
        return form.has("client_id") && !headers.contains("Authorization") && !form.has("client_secret");
    }

    @Override
    public List<Credentials> read(MultiMap headers, FormParameters form) {
        return List.of(new Credentials(method(), form.single("client_id"), null));
    }
}
