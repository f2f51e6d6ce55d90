package dev.gatehouse.it.support;

import dev.gatehouse.fixtures.Http;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An OAuth client at the wire level; a null secret makes it a public one, else it authenticates by Basic. */
public record OAuthClient(String issuer, String id, String secret, String redirectUri) {
    public static final String TEST_ID = "mcp-test-client";
    public static final String TEST_SECRET = "mcp-test-secret";
    public static final String CALLBACK = "http://localhost:3000/callback";
    public static final String SCOPES = "mcp:read mcp:write";

    /** The client that the demo profile seeds. */
    public static OAuthClient demo(String issuer) {
        return new OAuthClient(issuer, TEST_ID, TEST_SECRET, CALLBACK);
    }

    public OAuthClient at(String anotherRedirectUri) {
        return new OAuthClient(issuer, id, secret, anotherRedirectUri);
    }

    /** A valid authorization request; a null value among the changes leaves that parameter out. */
    public String authorizationUrl(Pkce pkce, String... changes) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", id);
        query.put("redirect_uri", redirectUri);
        query.put("scope", SCOPES);
        query.put("state", "state-" + pkce.challenge());
        query.put("code_challenge", pkce.challenge());
        query.put("code_challenge_method", "S256");
        change(query, changes);
        return issuer + "/oauth/authorize?" + Http.encode(query);
    }

    public HttpResponse<String> redeem(String code, Pkce pkce, String... changes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("code_verifier", pkce.verifier());
        form.put("redirect_uri", redirectUri);
        return token(change(form, changes));
    }

    public HttpResponse<String> refresh(String refreshToken, String... changes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken);
        return token(change(form, changes));
    }

    public HttpResponse<String> clientCredentials(String... changes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        return token(change(form, changes));
    }

    public HttpResponse<String> revoke(String token) {
        return authenticated("/oauth/revoke", new LinkedHashMap<>(Map.of("token", token)));
    }

    public HttpResponse<String> introspect(String token) {
        return authenticated("/oauth/introspect", new LinkedHashMap<>(Map.of("token", token)));
    }

    public boolean active(String token) {
        return new JsonObject(introspect(token).body()).getBoolean("active");
    }

    /** POST with this client's authentication. More headers are name, value, name, value …. */
    public HttpResponse<String> authenticated(String path, Map<String, String> form, String... headers) {
        if (secret == null) {
            form.put("client_id", id);
            return Http.postForm(issuer + path, form, headers);
        }
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", basic(id, secret)));
        return Http.postForm(issuer + path, form, all.toArray(String[]::new));
    }

    public String tokenUrl() {
        return issuer + "/oauth/token";
    }

    /** RFC 6749 §2.3.1: both halves form-encoded first. */
    public static String basic(String id, String secret) {
        String pair = Http.encode(id) + ":" + Http.encode(secret);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** Name, value, name, value …; a null value removes the name. */
    public static Map<String, String> change(Map<String, String> parameters, String... changes) {
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1] == null) {
                parameters.remove(changes[i]);
            } else {
                parameters.put(changes[i], changes[i + 1]);
            }
        }
        return parameters;
    }

    private HttpResponse<String> token(Map<String, String> form) {
        return authenticated("/oauth/token", form);
    }
}
