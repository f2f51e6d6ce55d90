package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.token.Grant;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A token for another token (RFC 8693). Which tokens there are to be had is the business of each {@link ExchangeKind}. */
public final class TokenExchangeGrant implements Grant {

    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private final Map<String, ExchangeKind> kinds = new LinkedHashMap<>();

    /** @param kinds every one there is */
    public TokenExchangeGrant(List<ExchangeKind> kinds) {
        kinds.forEach(kind -> this.kinds.put(kind.tokenType(), kind));
    }

    @Override
    public GrantType type() {
        return GrantType.TOKEN_EXCHANGE;
    }

    @Override
    public Set<String> parameters() {
        return Set.of("subject_token", "subject_token_type", "requested_token_type", "actor_token", "actor_token_type", "scope");
    }

    @Override
    public void describe(JsonObject metadata) {
        kinds.values().forEach(kind -> kind.describe(metadata));
    }

    @Override
    public Future<TokenResponse> handle(TokenRequest request) {
        return Future.succeededFuture(request).compose(asked -> requireKind(asked.parameters()).exchange(asked));
    }

    /** Delegation with an actor token is not offered, and must not be ignored silently. */
    private ExchangeKind requireKind(FormParameters parameters) {
        if (parameters.has("actor_token") || parameters.has("actor_token_type")) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "This server takes no actor_token");
        }
        String requested = parameters.single("requested_token_type");
        ExchangeKind kind = kinds.get(requested == null ? ACCESS_TOKEN : requested);
        if (kind == null) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "This server issues no tokens of the requested_token_type");
        }
        return kind;
    }

    /** Token exchange (RFC 8693). @param enabled whether it is on */
    public record TokenExchangeOptions(boolean enabled) {
    }
}
