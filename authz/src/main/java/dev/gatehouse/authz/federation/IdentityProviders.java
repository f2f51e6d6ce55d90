package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.UpstreamTokenRequests.ProviderSecrets;
import dev.gatehouse.authz.session.LoginChoices;
import dev.gatehouse.shared.config.SecretFile;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.fetch.TrustedAuthorities;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.KeySigner;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;

import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The identity providers of a configuration, by name. All verticle instances of a process share them. */
public final class IdentityProviders {

    private final Map<String, IdentityProvider> providers;
    private final UpstreamHttp http;

    private IdentityProviders(Map<String, IdentityProvider> providers, UpstreamHttp http) {
        this.providers = providers;
        this.http = http;
    }

    /**
     * Reads the secrets and keys of the configuration.
     *
     * @param files resolves a file name of the configuration
     * @param trustFile certificate authorities to trust in addition to the platform's, or null
     * @return fails with {@link StartupException} if a file cannot be used
     */
    public static Future<IdentityProviders> open(Vertx vertx, List<ProviderOptions> options, Function<String, Path> files, Path trustFile, Clock clock) {
        return vertx.executeBlocking(() -> {
            TrustOptions trust = trustFile == null || options.isEmpty() ? null : TrustedAuthorities.withFile(trustFile);
            UpstreamHttp http = new UpstreamHttp(vertx, trust);
            Map<String, IdentityProvider> providers = new LinkedHashMap<>();
            for (ProviderOptions each : options) {
                providers.put(each.name(), new IdentityProvider(vertx, each, secrets(vertx, each, files), http, clock));
            }
            return new IdentityProviders(providers, http);
        }, false);
    }

    private static ProviderSecrets secrets(Vertx vertx, ProviderOptions options, Function<String, Path> files) {
        String secret = options.clientSecretFile() == null ? options.clientSecret() : clientSecretFile(options, files).read();
        return new ProviderSecrets(secret, options.privateKeyFile() == null ? null
            : new KeySigner(vertx, key(options, privateKeyFile(options, files).read())));
    }

    private static SigningKey key(ProviderOptions options, String text) {
        try {
            JsonObject jwk = new JsonObject(text);
            SigningAlgorithm algorithm = SigningAlgorithm.named(jwk.getString("alg", "")).orElseThrow(() -> new JwtException("no alg"));
            return SigningKey.parse(jwk, algorithm);
        } catch (DecodeException | ClassCastException | JwtException e) {
            throw new StartupException("identityProviders: privateKeyFile of " + options.name() + " is not a private JWK with an alg", e);
        }
    }

    /** The file with the secret. @param files resolves a file name of the configuration */
    public static SecretFile clientSecretFile(ProviderOptions options, Function<String, Path> files) {
        return new SecretFile("identityProviders: clientSecretFile of " + options.name(), files.apply(options.clientSecretFile()));
    }

    /** The file with the private key. @param files resolves a file name of the configuration */
    public static SecretFile privateKeyFile(ProviderOptions options, Function<String, Path> files) {
        return new SecretFile("identityProviders: privateKeyFile of " + options.name(), files.apply(options.privateKeyFile()));
    }

    /** The ways to log in. @param passwords whether passwords of this server are accepted */
    public LoginChoices choices(boolean passwords, boolean passkeys, String reset) {
        return new LoginChoices(passwords, passkeys, reset, providers.values().stream().map(provider -> provider.options().choice()).toList());
    }

    public List<String> names() {
        return List.copyOf(providers.keySet());
    }

    /** Returns whether a refresh can need a check at a provider. */
    boolean checksAny() {
        return providers.values().stream().anyMatch(provider -> provider.options().recheckSeconds() > 0);
    }

    Optional<IdentityProvider> named(String name) {
        return Optional.ofNullable(providers.get(name));
    }

    /** Ends all requests. */
    public Future<Void> close() {
        return http.close();
    }
}
