package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.AuthenticationMethod.Credentials;
import io.vertx.core.Future;

import java.util.List;

/** Identifier and secret in the form (RFC 6749 §2.3.1). */
public final class PostAuthentication implements AuthenticationMethod {

    private final ClientSecrets secrets;

    public PostAuthentication(ClientSecrets secrets) {
        this.secrets = secrets;
    }

    @Override
    public ClientAuthMethod method() {
        return ClientAuthMethod.CLIENT_SECRET_POST;
    }

    @Override
    public boolean isUsed(ClientCall call) {
        return call.form().has("client_secret");
    }

    @Override
    public List<Credentials> read(ClientCall call) {
        String clientId = call.form().single("client_id");
        if (clientId == null) {
            throw ClientAuthenticator.invalidClient("a client_secret came without a client_id");
        }
        return List.of(new Credentials(clientId, call.form().single("client_secret")));
    }

    @Override
    public Future<Boolean> verify(Client client, Credentials credentials, ClientCall call) {
        return secrets.verify(client, credentials.proof(), call);
    }

    @Override
    public Future<Boolean> verifyAbsent(Credentials credentials, ClientCall call) {
        return secrets.verifyAbsent(credentials, call);
    }
}
