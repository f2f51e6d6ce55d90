package dev.gatehouse.policy;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of a caller that rules use.
 *
 * @param user the username; the subject if the authorization server names none; empty for a caller without a token
 * @param subject the {@code sub} claim
 * @param issuer the authorization server
 * @param groups the {@code groups} claim
 * @param client the client identifier
 * @param actors the subjects of the {@code act} claim (RFC 8693 §4.1), the current actor first
 * @param scopes the scopes of the token
 * @param authenticatedAt the {@code auth_time} claim; null if it is unknown
 * @param acr the {@code acr} claim, or empty
 * @param amr the {@code amr} claim
 */
public record CallerFacts(String user, String subject, String issuer, List<String> groups, String client, List<String> actors, List<String> scopes,
                          Instant authenticatedAt, String acr, List<String> amr) {

    private static final CallerFacts ANONYMOUS = new CallerFacts("", "", "", List.of(), "", List.of(), List.of(), null, "", List.of());
    private static final int MOST_ACTORS = 16;

    /**
     * Copies the lists.
     *
     * @param user the username
     * @param subject the {@code sub} claim
     * @param issuer the authorization server
     * @param groups the {@code groups} claim
     * @param client the client identifier
     * @param actors the subjects of the {@code act} claim
     * @param scopes the scopes of the token
     * @param authenticatedAt the {@code auth_time} claim; null if it is unknown
     * @param acr the {@code acr} claim, or empty
     * @param amr the {@code amr} claim
     */
    public CallerFacts {
        groups = List.copyOf(groups);
        actors = List.copyOf(actors);
        scopes = List.copyOf(scopes);
        amr = List.copyOf(amr);
    }

    static CallerFacts of(Caller caller) {
        return caller instanceof Principal principal ? of(principal) : ANONYMOUS;
    }

    private static CallerFacts of(Principal principal) {
        JsonObject claims = principal.claims();
        Instant authenticated = claims.getValue("auth_time") instanceof Number seconds ? Instant.ofEpochSecond(seconds.longValue()) : null;
        return new CallerFacts(text(claims, "username", principal.subject()), principal.subject(), principal.issuer(), texts(claims, "groups"),
            principal.clientId(), actors(claims), principal.scopes().stream().sorted().toList(), authenticated, text(claims, "acr", ""), texts(claims, "amr"));
    }

    private static List<String> actors(JsonObject claims) {
        List<String> actors = new ArrayList<>();
        JsonObject from = claims;
        while (from.getValue("act") instanceof JsonObject actor && actors.size() < MOST_ACTORS) {
            actors.add(text(actor, "sub", ""));
            from = actor;
        }
        return actors;
    }

    private static String text(JsonObject claims, String name, String otherwise) {
        return claims.getValue(name) instanceof String text ? text : otherwise;
    }

    private static List<String> texts(JsonObject claims, String name) {
        return claims.getValue(name) instanceof JsonArray list ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
            : List.of();
    }

    /** Returns true if the authentication of the caller satisfies a step-up rule. */
    boolean satisfies(Rule rule, Instant now) {
        boolean recent = rule.maxAgeSeconds() == null
            || authenticatedAt != null && !authenticatedAt.plus(Duration.ofSeconds(rule.maxAgeSeconds())).isBefore(now);
        return recent && (rule.acrValues().isEmpty() || rule.acrValues().contains(acr));
    }

    /** Returns the variables of conditions, without the arguments and the time. */
    Map<String, Object> variables(String server, ToolDefinition tool) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("caller.user", user);
        variables.put("caller.subject", subject);
        variables.put("caller.issuer", issuer);
        variables.put("caller.groups", groups);
        variables.put("caller.client", client);
        variables.put("caller.actors", actors);
        variables.put("caller.scopes", scopes);
        variables.put("caller.authenticated_at", authenticatedAt == null ? Instant.EPOCH : authenticatedAt);
        variables.put("caller.acr", acr);
        variables.put("caller.amr", amr);
        ToolHints hints = tool.hints();
        variables.put("tool.name", tool.name());
        variables.put("tool.server", server);
        variables.put("tool.annotations.readOnlyHint", hints.readOnly());
        variables.put("tool.annotations.destructiveHint", hints.destructive());
        variables.put("tool.annotations.idempotentHint", hints.idempotent());
        variables.put("tool.annotations.openWorldHint", hints.openWorld());
        return variables;
    }
}
