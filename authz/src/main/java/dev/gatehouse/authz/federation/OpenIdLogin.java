package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.UpstreamTokenRequests.UpstreamTokens;
import dev.gatehouse.authz.federation.UpstreamHttp.Call;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
import dev.gatehouse.shared.jose.TimeChecks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Clock;

/** Reads a person by OpenID Connect: verifies the ID token and asks the userinfo endpoint. */
final class OpenIdLogin {

    private static final String OVERAGE = "_claim_names";

    private final ProviderOptions options;
    private final JwtVerifier verifier;
    private final KeySource keys;
    private final UpstreamHttp http;
    private final TimeChecks times;

    OpenIdLogin(ProviderOptions options, JwtVerifier verifier, KeySource keys, UpstreamHttp http, Clock clock) {
        this.options = options;
        this.verifier = verifier;
        this.keys = keys;
        this.http = http;
        this.times = new TimeChecks(clock, IdTokenRules.SKEW);
    }

    /** Reads the person of a login. */
    Future<UpstreamPerson> person(ProviderMetadata metadata, UpstreamTokens tokens, String nonce) {
        if (tokens.idToken() == null) {
            return Future.failedFuture(new UpstreamException(UpstreamFault.INVALID_RESPONSE, "token endpoint: no ID token"));
        }
        return claims(tokens.idToken(), IdTokenRules.login(metadata, options.clientId(), nonce, times))
            .compose(idToken -> complete(metadata, tokens, idToken));
    }

    /**
     * Reads the person again after a refresh. The provider may leave out the ID token (§12.2).
     *
     * @param before the identity of the login
     */
    Future<UpstreamPerson> again(ProviderMetadata metadata, UpstreamTokens tokens, UpstreamPerson before) {
        JsonObject known = new JsonObject().put("iss", before.identity().issuer()).put("sub", before.identity().subject());
        Future<JsonObject> idToken = tokens.idToken() == null ? Future.succeededFuture(known)
            : claims(tokens.idToken(), IdTokenRules.refreshed(metadata, options.clientId(), times)
                .and(ClaimCheck.issuer(before.identity().issuer())).and(ClaimCheck.value("sub", before.identity().subject())));
        return idToken.compose(claims -> complete(metadata, tokens, claims))
            .map(now -> tokens.idToken() == null ? now.orElse(before) : now);
    }

    private Future<JsonObject> claims(String idToken, ClaimCheck check) {
        return verifier.verify(idToken, IdTokenRules.ID_TOKEN, keys).map(jwt -> jwt.require(check).claims())
            .recover(failure -> Future.failedFuture(translate(failure)));
    }

    static Throwable translate(Throwable failure) {
        if (failure instanceof JwtException refusal) {
            return new UpstreamException(UpstreamFault.INVALID_RESPONSE, "ID token: " + refusal.privateReason());
        }
        return failure instanceof KeysUnavailableException
            ? new UpstreamException(UpstreamFault.UNREACHABLE, "the keys cannot be fetched") : failure;
    }

    private Future<UpstreamPerson> complete(ProviderMetadata metadata, UpstreamTokens tokens, JsonObject idToken) {
        return userInfo(metadata, tokens, idToken).map(userInfo -> PersonClaims.read(options, idToken, userInfo))
            .compose(person -> hasOverage(idToken) ? graphGroups(tokens, person) : Future.succeededFuture(person));
    }

    /** Okta and GitLab leave claims out of the ID token that userinfo has. Microsoft Entra's userinfo has nothing beyond the ID token. */
    private Future<JsonObject> userInfo(ProviderMetadata metadata, UpstreamTokens tokens, JsonObject idToken) {
        if (metadata.userInfo() == null || options.known() == Preset.MICROSOFT_ENTRA) {
            return Future.succeededFuture(new JsonObject());
        }
        return http.send(Call.get(metadata.userInfo(), "Bearer " + tokens.access(), options.timeoutSeconds() * 1000))
            .map(response -> requireSubject(response.requireOk().object(), idToken));
    }

    /** §5.3.2: a userinfo response about another person must not be used. */
    private static JsonObject requireSubject(JsonObject userInfo, JsonObject idToken) {
        if (!idToken.getValue("sub").equals(userInfo.getValue("sub"))) {
            throw new UpstreamException(UpstreamFault.INVALID_RESPONSE, "userinfo of another person");
        }
        return userInfo;
    }

    /** Microsoft Entra leaves out the groups of a person who has more than 200. */
    private boolean hasOverage(JsonObject idToken) {
        return options.known() == Preset.MICROSOFT_ENTRA && (Boolean.TRUE.equals(idToken.getValue("hasgroups"))
            || idToken.getValue(OVERAGE) instanceof JsonObject names && names.containsKey(options.groupsClaim()));
    }

    /** Asks the configured Graph. The address in the token is not used: it names a service that Microsoft has retired. */
    private Future<UpstreamPerson> graphGroups(UpstreamTokens tokens, UpstreamPerson person) {
        return new PagedList(http, options, "Bearer " + tokens.access())
            .read(options.apiUrl() + "/me/transitiveMemberOf/microsoft.graph.group?$select=id&$top=999")
            .map(groups -> person.withGroups(groups.stream().map(group -> group.getString("id")).filter(id -> id != null).toList()));
    }
}
