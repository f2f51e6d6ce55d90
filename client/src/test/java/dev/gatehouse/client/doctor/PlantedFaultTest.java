package dev.gatehouse.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.doctor.PatientServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Each planted fault of a server is found by its name. */
final class PlantedFaultTest {

    private static final Visit VISIT = new Visit();
    private static final String ELSEWHERE = "http://127.0.0.1:1";

    @AfterAll
    static void close() {
        VISIT.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faults")
    void aPlantedFaultIsFoundByItsName(String check, String fault, Consumer<Reply> plant) {
        assertThat(Visit.failures(VISIT.examine(plant))).as(fault).anyMatch(failure -> failure.startsWith(check + ": "));
    }

    private static Arguments fault(String check, String fault, Consumer<Reply> plant) {
        return Arguments.of(check, fault, plant);
    }

    private static Arguments resource(String check, String fault, String member, Object value) {
        return fault(check, fault, reply -> {
            if (reply.isMetadataOfResource()) {
                reply.put(member, value);
            }
        });
    }

    private static Arguments server(String check, String fault, String member, Object value) {
        return fault(check, fault, reply -> {
            if (reply.isMetadataOfServer()) {
                reply.put(member, value);
            }
        });
    }

    private static Arguments challenge(String check, String fault, String from, String to) {
        return fault(check, fault, reply -> {
            if (reply.isUnauthorized()) {
                reply.headers.set("WWW-Authenticate", reply.headers.get("WWW-Authenticate").replaceAll(from, to));
            }
        });
    }

    private static Arguments at(String check, String fault, String method, String path, Consumer<Reply> plant) {
        return fault(check, fault, reply -> {
            if (reply.is(method, path)) {
                plant.accept(reply);
            }
        });
    }

    /** Changes the redirect that ends a login. */
    private static Arguments allowed(String check, String fault, UnaryOperator<String> change) {
        return at(check, fault, "GET", "/authorize", reply -> {
            if (reply.status == 302 && reply.request.getParam("allow") != null) {
                String changed = change.apply(reply.headers.get("Location"));
                reply.headers.set("Location", changed.startsWith("/") ? "http://" + reply.request.authority() + changed : changed);
            }
        });
    }

    private static Arguments schema(String check, String fault, JsonObject tool) {
        return tools(check, fault, JsonArray.of(tool));
    }

    private static Arguments tools(String check, String fault, JsonArray tools) {
        return fault(check, fault, reply -> {
            if (reply.isResultOf("tools/list")) {
                reply.json.getJsonObject("result").put("tools", tools);
            }
        });
    }

    private static JsonObject tool(String property, JsonObject schema) {
        return new JsonObject().put("name", "t").put("inputSchema", new JsonObject().put("type", "object").put("properties", new JsonObject().put(property, schema)));
    }

    private static Arguments token(String check, String fault, String member, Object value) {
        return at(check, fault, "POST", "/token", reply -> {
            if (reply.status == 200) {
                reply.put(member, value);
            }
        });
    }

    static Stream<Arguments> faults() {
        return Stream.of(challenges(), resources(), servers(), origins(), registrations(), authorizations(), tokens(), protocol(), streams(), documents()).flatMap(each -> each);
    }

    private static Stream<Arguments> challenges() {
        return Stream.of(
            fault("reachable", "the connection is closed", reply -> reply.status = 0),
            at("mcp-endpoint", "a web site answers", "POST", "/mcp", reply -> reply.answer(200, "<!doctype html>")),
            at("mcp-endpoint", "the path is wrong", "POST", "/mcp", reply -> reply.answer(404, "Not found")),
            at("no-redirect", "the proxy redirects to a slash", "POST", "/mcp", reply -> {
                reply.status = 307;
                reply.headers.set("Location", "/mcp/");
            }),
            at("no-server-error", "the proxy finds no server", "POST", "/mcp", reply -> reply.answer(502, "Bad gateway")),
            fault("unauthorized-status", "403 instead of 401", reply -> reply.status = reply.isUnauthorized() ? 403 : reply.status),
            fault("challenge-present", "the proxy removes the challenge", reply -> reply.headers.remove("WWW-Authenticate")),
            at("host-accepted", "the proxy sends another host", "POST", "/mcp", reply -> reply.answer(421, "Misdirected request")),
            at("host-accepted", "the SDK refuses the host", "POST", "/mcp", reply -> reply.answer(403, "Invalid Host: backend")),
            fault("authorization-forwarded", "the proxy removes the token", reply -> {
                if (reply.isUnauthorized()) {
                    reply.headers.set("WWW-Authenticate", reply.headers.get("WWW-Authenticate").replace("error=\"invalid_token\", ", ""));
                }
            }),
            challenge("challenge-scheme", "a proxy asks for a password", "^Bearer.*", "Basic realm=\"proxy\""),
            challenge("challenge-metadata", "a challenge of OAuth 2.0", "resource_metadata=\"[^\"]*\", ", ""),
            challenge("challenge-quoting", "no quotation marks", "resource_metadata=\"([^\"]*)\"", "resource_metadata=$1"),
            challenge("challenge-url", "a relative URL", "http://127.0.0.1:\\d+/", "/"),
            challenge("challenge-scheme-of-url", "the proxy tells no scheme", "http://", "https://"),
            challenge("challenge-host-of-url", "the proxy tells no host", "127.0.0.1:\\d+", "backend:8080"),
            challenge("challenge-scopes", "a scope of another resource", "scope=\"notes\"", "scope=\"mail\""),
            fault("invalid-token-status", "500 for an invalid token", reply -> reply.status = reply.isUnauthorized()
                && reply.request.headers().contains("Authorization") ? 500 : reply.status),
            challenge("invalid-token-error", "no error code", "error=\"invalid_token\", ", ""),
            at("stream-unauthorized", "GET is not protected", "GET", "/mcp", reply -> reply.status = 200));
    }

    private static Stream<Arguments> resources() {
        return Stream.of(
            fault("resource-metadata-found", "no document", reply -> reply.status = reply.isMetadataOfResource() ? 404 : reply.status),
            challenge("resource-metadata-challenged", "the challenge names a place without it", "oauth-protected-resource/mcp", "oauth-protected-resource/other"),
            at("resource-metadata-inserted", "the proxy routes the root alone", "GET", "/.well-known/oauth-protected-resource/mcp", reply -> reply.status = 404),
            fault("resource-metadata-public", "the document asks for a token", reply -> reply.status = reply.isMetadataOfResource() ? 401 : reply.status),
            fault("resource-metadata-direct", "the document is behind a redirect", reply -> reply.status = reply.isMetadataOfResource() ? 302 : reply.status),
            fault("resource-metadata-json", "the page of a single-page application answers", reply -> {
                if (reply.isMetadataOfResource()) {
                    reply.answer(200, "<!doctype html>");
                }
            }),
            fault("resource-metadata-type", "the type is text/plain", reply -> {
                if (reply.isMetadataOfResource()) {
                    reply.headers.set("Content-Type", "text/plain");
                }
            }),
            at("resource-metadata-same", "the root has another document", "GET", "/.well-known/oauth-protected-resource", reply -> reply.put("resource_name", "Old")),
            resource("resource-identifier", "no resource", "resource", null),
            fault("resource-trailing-slash", "a slash at the end", reply -> {
                if (reply.isMetadataOfResource()) {
                    reply.put("resource", reply.json.getString("resource") + "/");
                }
            }),
            fault("resource-matches", "the origin alone", reply -> {
                if (reply.isMetadataOfResource()) {
                    reply.put("resource", reply.json.getString("resource").replace("/mcp", ""));
                }
            }),
            resource("resource-origin", "the address behind the proxy", "resource", "http://backend:8080/mcp"),
            resource("authorization-servers-list", "a text instead of a list", "authorization_servers", "https://auth.example"),
            resource("authorization-servers-list", "an empty list", "authorization_servers", new JsonArray()),
            resource("authorization-server-url", "a name instead of a URL", "authorization_servers", JsonArray.of("auth.example")),
            resource("bearer-methods", "tokens in the query alone", "bearer_methods_supported", JsonArray.of("query")),
            resource("scopes-list", "a text instead of a list", "scopes_supported", "notes mail"));
    }

    private static Stream<Arguments> servers() {
        return Stream.of(
            fault("server-metadata-found", "no document", reply -> reply.status = reply.isMetadataOfServer() || reply.path().endsWith("openid-configuration") ? 404 : reply.status),
            fault("server-metadata-json", "a page answers", reply -> {
                if (reply.isMetadataOfServer()) {
                    reply.answer(200, "<!doctype html>");
                }
            }),
            fault("server-metadata-type", "the type is text/plain", reply -> {
                if (reply.isMetadataOfServer()) {
                    reply.headers.set("Content-Type", "text/plain");
                }
            }),
            fault("server-metadata-direct", "the document is behind a login", reply -> reply.status = reply.isMetadataOfServer() ? 302 : reply.status),
            at("server-metadata-no-error", "the place of OpenID is an error", "GET", "/.well-known/openid-configuration", reply -> reply.status = 500),
            at("server-metadata-same", "OpenID has another token endpoint", "GET", "/.well-known/openid-configuration", reply -> reply.put("token_endpoint", ELSEWHERE + "/token")),
            server("issuer-present", "no issuer", "issuer", null),
            fault("issuer-trailing-slash", "a slash at the end", reply -> {
                if (reply.isMetadataOfServer()) {
                    reply.put("issuer", reply.json.getString("issuer") + "/");
                }
            }),
            server("issuer-matches", "the address behind the proxy", "issuer", "http://backend:9000"),
            server("discovery-python-sdk", "the issuer of another server", "issuer", "http://backend:9000"),
            server("authorization-endpoint", "no authorization endpoint", "authorization_endpoint", null),
            server("token-endpoint", "no token endpoint", "token_endpoint", null),
            server("endpoint-urls", "a relative endpoint", "token_endpoint", "/token"),
            server("endpoint-urls", "an endpoint in the clear", "token_endpoint", "http://auth.example/token"),
            server("response-types", "no code", "response_types_supported", JsonArray.of("token")),
            server("pkce", "plain alone", "code_challenge_methods_supported", JsonArray.of("plain")),
            server("pkce", "not said", "code_challenge_methods_supported", null),
            server("grant-types", "machines alone", "grant_types_supported", JsonArray.of("client_credentials")),
            server("public-clients", "secrets alone", "token_endpoint_auth_methods_supported", JsonArray.of("client_secret_basic")),
            fault("registration-offered", "no way to register", reply -> {
                if (reply.isMetadataOfServer()) {
                    reply.json.remove("registration_endpoint");
                    reply.json.remove("client_id_metadata_document_supported");
                }
            }),
            server("metadata-documents-flag", "a text instead of a boolean", "client_id_metadata_document_supported", "true"),
            at("keys", "no keys", "GET", "/jwks", reply -> reply.status = 404),
            fault("discovery-codex", "the document of OpenID alone", reply -> reply.status = reply.isMetadataOfServer() ? 404 : reply.status),
            fault("discovery-gemini-cli", "the challenge is not quoted, and no well-known place has the document", reply -> {
                if (reply.isUnauthorized()) {
                    reply.headers.set("WWW-Authenticate", "Bearer resource_metadata=http://" + reply.request.authority() + "/.well-known/oauth-protected-resource/v1");
                } else if (reply.isMetadataOfResource()) {
                    reply.status = 404;
                }
            }));
    }

    private static Stream<Arguments> origins() {
        return Stream.of(
            at("cors-preflight", "the preflight needs a token", "OPTIONS", "/mcp", reply -> reply.status = 401),
            at("cors-origin", "no origin is allowed", "POST", "/mcp", reply -> reply.headers.remove("Access-Control-Allow-Origin")),
            at("cors-one-origin", "server and proxy both add the header", "POST", "/mcp", reply -> reply.headers.add("Access-Control-Allow-Origin", "*")),
            at("cors-methods", "POST is not allowed", "OPTIONS", "/mcp", reply -> reply.headers.set("Access-Control-Allow-Methods", "GET")),
            at("cors-authorization", "a wildcard for Authorization", "OPTIONS", "/mcp", reply -> reply.headers.set("Access-Control-Allow-Headers", "*")),
            at("cors-headers", "the headers of MCP are missing", "OPTIONS", "/mcp", reply -> reply.headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type")),
            at("cors-expose-challenge", "the challenge is not exposed", "POST", "/mcp", reply -> reply.headers.set("Access-Control-Expose-Headers", "Mcp-Session-Id")),
            at("cors-expose-session", "the session is not exposed", "POST", "/mcp", reply -> reply.headers.set("Access-Control-Expose-Headers", "WWW-Authenticate")),
            at("cors-credentials", "any origin with credentials", "POST", "/mcp", reply -> reply.headers.set("Access-Control-Allow-Credentials", "true")),
            fault("cors-resource-metadata", "the document is not readable", reply -> {
                if (reply.isMetadataOfResource()) {
                    reply.headers.remove("Access-Control-Allow-Origin");
                }
            }),
            fault("cors-server-metadata", "the document is not readable", reply -> {
                if (reply.isMetadataOfServer()) {
                    reply.headers.remove("Access-Control-Allow-Origin");
                }
            }),
            at("cors-metadata-preflight", "the preflight is not answered", "OPTIONS", "/.well-known/oauth-protected-resource/mcp", reply -> reply.status = 405),
            at("cors-token", "errors are not readable", "POST", "/token", reply -> reply.headers.remove("Access-Control-Allow-Origin")),
            at("cors-registration", "registrations are not readable", "POST", "/register", reply -> reply.headers.remove("Access-Control-Allow-Origin")),
            at("cors-registration-preflight", "JSON is not allowed", "OPTIONS", "/register", reply -> reply.headers.remove("Access-Control-Allow-Headers")));
    }

    private static Arguments refused(String client, String fault, String uri) {
        return at("registration-" + client, fault, "POST", "/register", reply -> {
            if (Evidence.texts(reply.body, "redirect_uris").anyMatch(registered -> registered.startsWith(uri))) {
                reply.status = 400;
                reply.json = new JsonObject().put("error", "invalid_redirect_uri");
            }
        });
    }

    private static Stream<Arguments> registrations() {
        return Stream.of(
            at("registration-open", "an initial token is needed", "POST", "/register", reply -> reply.status = 401),
            at("registration-loopback", "registration fails", "POST", "/register", reply -> reply.status = 500),
            at("registration-status", "200 instead of 201", "POST", "/register", reply -> reply.status = reply.status == 201 ? 200 : reply.status),
            at("registration-client-id", "no client_id", "POST", "/register", reply -> reply.json.remove("client_id")),
            at("registration-redirect-uris", "no redirect URIs in the answer", "POST", "/register", reply -> reply.json.remove("redirect_uris")),
            at("registration-public", "every client gets a secret", "POST", "/register", reply -> reply.put("token_endpoint_auth_method", "client_secret_basic")),
            at("registration-grant-types", "no refresh", "POST", "/register", reply -> reply.put("grant_types", JsonArray.of("authorization_code"))),
            at("registration-secret-expiry", "a secret without expiry", "POST", "/register", reply -> reply.put("client_secret", "marked-client-secret-13")),
            at("registration-bad-redirect", "any redirect URI is taken", "POST", "/register", reply -> {
                reply.status = 201;
                reply.put("client_id", "any");
            }),
            refused("cursor", "private-use schemes are refused", "cursor:"), refused("claude-web", "the callback of Claude is refused", "https://claude.ai"),
            refused("chatgpt", "the callback of ChatGPT is refused", "https://chatgpt.com"), refused("gemini-cli", "localhost is refused", "http://localhost:7777"),
            refused("vscode", "a list with web redirects is refused", "https://insiders.vscode.dev"));
    }

    private static Stream<Arguments> authorizations() {
        return Stream.of(
            at("authorize-page", "the login page fails", "GET", "/authorize", reply -> reply.status = reply.status == 200 ? 500 : reply.status),
            at("authorize-accepted", "the resource parameter is refused", "GET", "/authorize", reply -> {
                if (reply.status == 200) {
                    reply.status = 302;
                    reply.headers.set("Location", reply.request.getParam("redirect_uri") + "?error=invalid_target");
                }
            }),
            at("authorize-framing", "the page can be framed", "GET", "/authorize", reply -> reply.headers.remove("X-Frame-Options")),
            at("authorize-any-port", "ports are compared", "GET", "/authorize", reply -> reply.status = AuthorizationWalk.OTHER_PORT.equals(
                reply.request.getParam("redirect_uri")) ? 400 : reply.status),
            at("authorize-redirect-uri", "any redirect URI gets the response", "GET", "/authorize", reply -> {
                if (AuthorizationWalk.OTHER_REDIRECT.equals(reply.request.getParam("redirect_uri"))) {
                    reply.status = 302;
                    reply.headers.set("Location", AuthorizationWalk.OTHER_REDIRECT + "?code=x");
                }
            }),
            at("authorize-pkce-required", "no challenge is needed", "GET", "/authorize", reply -> {
                if (reply.request.getParam("code_challenge") == null) {
                    reply.answer(200, "<input type=\"password\">");
                    reply.headers.remove("Location");
                }
            }),
            at("authorize-state", "errors have no state", "GET", "/authorize", reply -> {
                if (!"code".equals(reply.request.getParam("response_type"))) {
                    Visit.withoutParameter(reply, "state");
                }
            }),
            at("authorize-issuer", "errors have no issuer", "GET", "/authorize", reply -> Visit.withoutParameter(reply, "iss")),
            at("authorize-issuer", "errors have another issuer", "GET", "/authorize", Visit::withSlashAtTheIssuer),
            at("login-issuer", "the promised issuer is missing", "GET", "/authorize", reply -> Visit.withoutParameter(reply, "iss")),
            at("login-issuer", "the issuer has a slash at its end", "GET", "/authorize", Visit::withSlashAtTheIssuer),
            fault("login-issuer", "another issuer than the metadata has, though none is promised", reply -> {
                if (reply.isMetadataOfServer()) {
                    reply.put("authorization_response_iss_parameter_supported", false);
                }
                if (reply.is("GET", "/authorize")) {
                    Visit.withSlashAtTheIssuer(reply);
                }
            }),
            at("login", "the user may not log in", "GET", "/authorize", reply -> {
                if (reply.headers.contains("Location")) {
                    reply.headers.set("Location", reply.headers.get("Location").replaceAll("code=[^&]*", "error=access_denied"));
                }
            }));
    }

    private static Stream<Arguments> tokens() {
        return Stream.of(
            at("token-reachable", "no token endpoint", "POST", "/token", reply -> reply.answer(404, "Not found")),
            at("token-form", "JSON alone is taken", "POST", "/token", reply -> reply.status = 415),
            at("token-error", "errors are pages", "POST", "/token", reply -> {
                if (reply.status == 400) {
                    reply.answer(500, "Oops");
                }
            }),
            at("token-error-type", "errors are text", "POST", "/token", reply -> reply.headers.set("Content-Type", "text/plain")),
            allowed("login-state", "the login loses the state", location -> location.replaceAll("&state=[^&]*", "")),
            allowed("login-state", "the login decodes the state", location -> location.replaceAll("&state=[^&]*", "&state=another")),
            allowed("login", "the login ends at a page of the server", location -> location.replaceAll("^.*/callback", "/welcome")),
            at("token-issued", "the code is refused", "POST", "/token", reply -> {
                reply.status = 400;
                reply.json = new JsonObject().put("error", "invalid_grant");
            }),
            token("token-type", "no type", "token_type", null), token("token-lifetime", "a text instead of a number", "expires_in", "soon"),
            at("token-no-store", "tokens are cached", "POST", "/token", reply -> reply.headers.remove("Cache-Control")),
            token("token-audience", "a token of another audience", "access_token", PatientServer.jwt("https://other.example")),
            token("token-scope", "no scope is granted", "scope", ""), token("token-refresh", "no refresh token", "refresh_token", null),
            at("refresh-works", "refreshes fail", "POST", "/token", reply -> {
                if (reply.request.getHeader("Origin") == null && reply.status == 200 && reply.refreshes()) {
                    reply.status = 400;
                    reply.json = new JsonObject().put("error", "invalid_grant");
                }
            }),
            at("code-once", "a code works twice", "POST", "/token", reply -> {
                if (reply.status == 400 && reply.request.getHeader("Origin") == null) {
                    reply.status = 200;
                    reply.json = new JsonObject().put("access_token", "again").put("token_type", "Bearer");
                }
            }));
    }

    private static Stream<Arguments> protocol() {
        return Stream.of(
            fault("token-accepted", "every token is refused", reply -> reply.status = reply.path().equals("/mcp") && !reply.request.method().name().equals("OPTIONS") ? 401
                : reply.status),
            fault("initialize", "initialize fails", reply -> {
                if (reply.isResultOf("initialize")) {
                    reply.answer(500, "Oops");
                }
            }),
            fault("initialize-earlier", "earlier clients are turned away", reply -> {
                if (reply.isResultOf("initialize") && reply.body.encode().contains("2025-03-26")) {
                    reply.answer(500, "Oops");
                }
            }),
            fault("discover", "the newest revision crashes the server", reply -> {
                if (reply.isResultOf("server/discover")) {
                    reply.answer(500, "Oops");
                }
            }),
            fault("tools-list", "no list", reply -> {
                if (reply.isResultOf("tools/list")) {
                    reply.json.put("result", new JsonObject());
                }
            }),
            schema("tool-names", "a name with a dot", PatientServer.tool().put("name", "notes.add")),
            tools("tool-names-unique", "a name twice", JsonArray.of(PatientServer.tool(), PatientServer.tool())),
            tools("tool-count", "too many tools", new JsonArray(IntStream.range(0, 129).mapToObj(i -> PatientServer.tool().put("name", "t" + i)).toList())),
            schema("tool-schema", "no type", PatientServer.tool().put("inputSchema", new JsonObject())),
            schema("tool-schema-combinators", "anyOf at the top", PatientServer.tool().put("inputSchema", new JsonObject().put("type", "object").put("anyOf", new JsonArray()))),
            schema("tool-schema-items", "an array without items", tool("tags", new JsonObject().put("type", "array"))),
            schema("tool-schema-properties", "brackets in a name", tool("tags[]", new JsonObject().put("type", "string"))),
            schema("tool-schema-references", "a reference to elsewhere", tool("note", new JsonObject().put("$ref", "https://example.com/note.json"))));
    }

    private static Stream<Arguments> streams() {
        return Stream.of(
            at("stream-unbuffered", "a proxy holds whole answers back", "GET", "/mcp", reply -> reply.held = reply.open),
            at("stream-unbuffered", "the acknowledgement of a subscription does not come", "POST", "/mcp", reply -> reply.buffered = reply.open),
            at("stream-unbuffered", "a proxy holds the events of a stream back", "POST", "/messages", reply -> reply.buffered = true));
    }

    private static Stream<Arguments> documents() {
        return Stream.of(at("document-registration", "the document is read and its client refused", "GET", "/authorize", reply -> {
            if (reply.request.getParam("client_id").startsWith("http:")) {
                reply.answer(400, "<p>Unknown client</p>");
            }
        }));
    }
}
