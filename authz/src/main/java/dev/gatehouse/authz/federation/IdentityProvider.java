package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.Preset.Login;
import dev.gatehouse.authz.federation.UpstreamTokenRequests.ProviderSecrets;
import dev.gatehouse.authz.federation.UpstreamTokenRequests.UpstreamTokens;
import dev.gatehouse.authz.federation.UpstreamHttp.Call;
import dev.gatehouse.authz.federation.UpstreamHttp.Response;
import dev.gatehouse.authz.scope.LoginLevel;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.cache.LoadedEntries;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.RemoteKeys.RemoteKeyTimes;
import dev.gatehouse.shared.jose.RemoteKeys;
import dev.gatehouse.shared.oauth.CodeChallenge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A configured identity provider: its metadata, its keys, and what this server asks it. */
final class IdentityProvider {

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final Duration FRESH_METADATA = Duration.ofHours(1);
    /** An ID token comes from the provider itself, so that a new key is fetched almost at once: no login fails by a rotation. */
    private static final RemoteKeyTimes KEY_TIMES =
        new RemoteKeyTimes(Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final ProviderOptions options;
    private final UpstreamHttp http;
    private final Clock clock;
    private final UpstreamTokenRequests requests;
    private final KeySource keys;
    private final OpenIdLogin openId;
    private final GitHubLogin gitHub;
    private final LoadedEntries<Dated> metadata;

    IdentityProvider(Vertx vertx, ProviderOptions options, ProviderSecrets secrets, UpstreamHttp http, Clock clock) {
        this.options = options;
        this.http = http;
        this.clock = clock;
        requests = new UpstreamTokenRequests(options, secrets, http, clock);
        keys = new RemoteKeys(vertx, URI.create("urn:provider:" + options.name()), any -> fetchKeys(), clock, KEY_TIMES);
        openId = new OpenIdLogin(options, new JwtVerifier(vertx), keys, http, clock);
        gitHub = new GitHubLogin(options, http);
        metadata = new LoadedEntries<>(vertx, "identity_provider_" + options.name(), Caches.builder().maximumSize(1));
    }

    private record Dated(ProviderMetadata value, long at) {
    }

    /** A request to log in. @param hint the email address that the person has entered, or null @param level the level that the login must have, or null */
    record Start(String state, String nonce, String verifier, String redirectUri, String hint, boolean fresh, LoginLevel level) {

        @Override
        public String toString() {
            return "Start[…]";
        }
    }

    ProviderOptions options() {
        return options;
    }

    KeySource keys() {
        return keys;
    }

    boolean isOpenId() {
        return options.known().login() == Login.OPENID;
    }

    Future<ProviderMetadata> metadata() {
        return isOpenId() ? metadata.get("", kept -> clock.millis() - kept.at() < FRESH_METADATA.toMillis(), key -> discover()).map(Dated::value)
            : Future.succeededFuture(ProviderMetadata.gitHub(options));
    }

    /** OpenID Connect Discovery 1.0 §4.1: a final slash of the issuer is removed. */
    private Future<Dated> discover() {
        String base = options.issuer().endsWith("/") ? options.issuer().substring(0, options.issuer().length() - 1) : options.issuer();
        return getObject(base + DISCOVERY).map(document -> new Dated(ProviderMetadata.read(document, options), clock.millis()));
    }

    private Future<JsonObject> fetchKeys() {
        return metadata().compose(known -> getObject(known.keys()));
    }

    private Future<JsonObject> getObject(String url) {
        return http.send(Call.get(url, null, options.timeoutSeconds() * 1000)).map(Response::requireOk).map(Response::object);
    }

    /** The URL of the authorization request. It never has the parameter {@code resource}, which Microsoft Entra rejects. */
    Future<String> authorizationUrl(Start start) {
        return metadata().map(known -> {
            Map<String, String> parameters = new LinkedHashMap<>(options.parameters());
            parameters.put("response_type", "code");
            parameters.put("client_id", options.clientId());
            parameters.put("redirect_uri", start.redirectUri());
            parameters.put("scope", String.join(" ", options.scopes()));
            parameters.put("state", start.state());
            parameters.put("code_challenge", CodeChallenge.s256(start.verifier()));
            parameters.put("code_challenge_method", "S256");
            if (isOpenId()) {
                addOpenId(parameters, start);
            }
            return FormParameters.addTo(known.authorization(), parameters);
        });
    }

    private void addOpenId(Map<String, String> parameters, Start start) {
        parameters.put("nonce", start.nonce());
        if (start.hint() != null) {
            parameters.put("login_hint", start.hint());
        }
        if (start.fresh()) {
            parameters.put("prompt", "login");
            parameters.put("max_age", "0");
        }
        if (start.level() != null) {
            parameters.put("acr_values", options.trustAuthentication().acrValues(start.level()));
        }
        if (options.recheckSeconds() > 0) {
            addOfflineAccess(parameters);
        }
        // Google shows only the accounts of this domain; the claim is checked after the login.
        if (options.known() == Preset.GOOGLE && !options.allowed().organizations().isEmpty()) {
            parameters.put("hd", options.allowed().organizations().size() == 1 ? options.allowed().organizations().get(0) : "*");
        }
    }

    /** A later check needs a refresh token. Google has parameters of its own for it. */
    private void addOfflineAccess(Map<String, String> parameters) {
        if (options.known() == Preset.GOOGLE) {
            parameters.put("access_type", "offline");
            parameters.put("prompt", "consent");
        } else if (!options.scopes().contains("offline_access")) {
            parameters.put("scope", parameters.get("scope") + " offline_access");
        }
    }

    Future<UpstreamTokens> redeem(String code, String verifier, String redirectUri) {
        return metadata().compose(known -> requests.redeem(known, code, verifier, redirectUri));
    }

    Future<UpstreamPerson> person(UpstreamTokens tokens, String nonce) {
        return metadata().compose(known -> isOpenId() ? openId.person(known, tokens, nonce) : gitHub.person(tokens));
    }

    Future<UpstreamTokens> refresh(String refreshToken) {
        return metadata().compose(known -> requests.refresh(known, refreshToken));
    }

    /** Reads the person again, for the same identity. */
    Future<UpstreamPerson> personAgain(UpstreamTokens tokens, UpstreamPerson before) {
        return metadata().compose(known -> isOpenId() ? openId.again(known, tokens, before) : gitHub.person(tokens)).map(now -> {
            if (!now.identity().equals(before.identity())) {
                throw new UpstreamException(UpstreamFault.REJECTED, "another person");
            }
            return now;
        });
    }
}
