package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.AuthenticationMethod.Credentials;
import dev.gatehouse.shared.http.AuthorizationHeader;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.Future;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Identifier and secret in the {@code Authorization} header, each form-encoded first (RFC 6749 §2.3.1). */
public final class BasicAuthentication implements AuthenticationMethod {

    private static final String SCHEME = "Basic";

    private final ClientSecrets secrets;

    public BasicAuthentication(ClientSecrets secrets) {
        this.secrets = secrets;
    }

    @Override
    public ClientAuthMethod method() {
        return ClientAuthMethod.CLIENT_SECRET_BASIC;
    }

    @Override
    public boolean isUsed(ClientCall call) {
        return isAttempted(call);
    }

    /** No endpoint for clients takes the header for anything else. */
    static boolean isAttempted(ClientCall call) {
        return call.headers().contains(HttpHeaders.AUTHORIZATION);
    }

    @Override
    public List<Credentials> read(ClientCall call) {
        String text = decodeHeader(call.headers().getAll(HttpHeaders.AUTHORIZATION));
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw ClientAuthenticator.invalidClient("the Basic credentials hold no identifier and colon");
        }
        Credentials raw = new Credentials(text.substring(0, colon), text.substring(colon + 1));
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return List.of(raw);
        }
        return decoded(raw);
    }

    /** Many clients leave the form encoding out, and most of their secrets still read as what they are. */
    private static List<Credentials> decoded(Credentials raw) {
        try {
            return List.of(new Credentials(FormParameters.decode(raw.clientId()), FormParameters.decode(raw.proof())), raw);
        } catch (OAuthException notEncoded) {
            return List.of(raw);
        }
    }

    private static String decodeHeader(List<String> sent) {
        AuthorizationHeader header = AuthorizationHeader.parse(sent.get(0));
        if (sent.size() > 1 || !header.is(SCHEME)) {
            throw ClientAuthenticator.invalidClient("the Authorization header is not one of scheme Basic");
        }
        try {
            return new String(Base64.getDecoder().decode(header.credentials()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ClientAuthenticator.invalidClient("the Basic credentials are not base64");
        }
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
