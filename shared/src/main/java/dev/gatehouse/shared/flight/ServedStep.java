package dev.gatehouse.shared.flight;

import java.util.Map;
import java.util.Optional;

/** The step of a login that a request to one of our servers is, by its path. The names are those of the doctor. Pure. */
final class ServedStep {

    static final String ANONYMOUS = "mcp.anonymous";
    static final String INVALID_TOKEN = "mcp.invalidToken";
    static final String AUTHORIZE = "authorize";
    private static final Map<String, String> PATHS = Map.ofEntries(
        Map.entry("/oauth/authorize", AUTHORIZE), Map.entry("/oauth/login", "authorize.login"), Map.entry("/oauth/consent", "authorize.consent"),
        Map.entry("/oauth/par", "authorize.pushed"), Map.entry("/oauth/token", "token"), Map.entry("/oauth/register", "registration"),
        Map.entry("/oauth/device_authorization", "device"), Map.entry("/device", "device.page"), Map.entry("/oauth/jwks", "keys"),
        Map.entry("/oauth/userinfo", "userinfo"), Map.entry("/mcp", "mcp"), Map.entry("/sse", "mcp"), Map.entry("/messages", "mcp"));

    private ServedStep() {
    }

    /** The step by the path alone; empty for a request that is no step of a login. */
    static Optional<String> of(String path) {
        if (path.startsWith("/.well-known/")) {
            return path.contains("oauth-protected-resource") ? Optional.of("resourceMetadata")
                : path.contains("oauth-authorization-server") || path.contains("openid-configuration") ? Optional.of("serverMetadata") : Optional.empty();
        }
        return path.startsWith("/oauth/register/") ? Optional.of("registration.management") : Optional.ofNullable(PATHS.get(path));
    }

    /** The step of a whole exchange, whose own step is the one by its path. */
    static String of(Exchange exchange) {
        if (exchange.method().equals("OPTIONS")) {
            return exchange.step() + ".preflight";
        }
        return switch (exchange.step()) {
            case "mcp" -> mcp(exchange);
            case "token" -> token(exchange.form().getOrDefault("grant_type", ""));
            case AUTHORIZE, "authorize.login", "authorize.consent" -> Exchange.query(exchange.header("location")).containsKey("code") ? "authorize.response" : exchange.step();
            default -> exchange.step();
        };
    }

    private static String token(String grant) {
        return switch (grant) {
            case "authorization_code" -> "token";
            case "refresh_token" -> "token.refresh";
            default -> "token." + grant.substring(grant.lastIndexOf(':') + 1).replaceAll("[^a-z_-]", "");
        };
    }

    private static String mcp(Exchange exchange) {
        if (exchange.requestHeader("authorization").isEmpty()) {
            return exchange.method().equals("GET") ? "mcp.anonymousStream" : ANONYMOUS;
        }
        if (exchange.status() == 401) {
            return INVALID_TOKEN;
        }
        Object called = exchange.requestJson().map(message -> message.getValue("method")).orElse("");
        return called.equals("initialize") ? "mcp.initialize" : called.equals("tools/list") ? "mcp.tools" : called.equals("server/discover") ? "mcp.discover" : "mcp.call";
    }

    /** Returns whether a step needs a client: a look at metadata alone is no attempt. */
    static boolean isAttempt(Exchange exchange) {
        return !exchange.method().equals("OPTIONS") && !exchange.step().equals("resourceMetadata") && !exchange.step().equals("serverMetadata")
            && !exchange.step().equals("keys") && exchange.status() != 405
            && !(exchange.step().equals("registration.management") && exchange.status() / 100 == 2);
    }

    /** Returns whether an exchange begins another attempt of a client that has asked for authorization before. */
    static boolean begins(Exchange exchange) {
        return exchange.step().equals(ANONYMOUS) || exchange.step().equals("device") || exchange.step().equals("registration")
            || exchange.step().equals("authorize.pushed") || exchange.step().startsWith(AUTHORIZE) && exchange.query().containsKey("response_type");
    }

    /** Returns whether an exchange is the aim of a login: the MCP server accepted the token. */
    static boolean isArrival(Exchange exchange) {
        return (exchange.step().startsWith("mcp.") && !exchange.requestHeader("authorization").isEmpty() || exchange.step().equals("userinfo"))
            && exchange.status() / 100 == 2;
    }

}
