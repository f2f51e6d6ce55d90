package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.AuthenticationMethod.Credentials;
import io.vertx.core.Future;

import java.util.List;

/** A public client's identifier in the form, without proof (RFC 6749 §3.2.1). */
public final class NoAuthentication implements AuthenticationMethod {

    @Override
    public ClientAuthMethod method() {
        return ClientAuthMethod.NONE;
    }

    @Override
    public boolean isUsed(ClientCall call) {
        return call.isOnlyNamed();
    }

    @Override
    public boolean isLeftToRegistration() {
        return true;
    }

    @Override
    public List<Credentials> read(ClientCall call) {
        return List.of(new Credentials(call.form().single("client_id"), null));
    }

    @Override
    public Future<Boolean> verify(Client client, Credentials credentials, ClientCall call) {
        return Future.succeededFuture(true);
    }
}
