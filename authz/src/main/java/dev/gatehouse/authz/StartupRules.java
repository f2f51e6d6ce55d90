package dev.gatehouse.authz;

import dev.gatehouse.authz.audit.AuditOptions;
import dev.gatehouse.authz.client.RedirectUris;
import dev.gatehouse.authz.client.auth.MutualTlsOptions;
import dev.gatehouse.authz.client.document.FetchingOptions;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.token.ReleasedClaims.ClaimOptions;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.Loopback;
import dev.gatehouse.shared.secret.KeyFile;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks a configuration before anything is opened. Blocking. */
final class StartupRules {

    private final AuthzOptions options;
    private final DataHome home;
    private final List<String> problems = new ArrayList<>();

    private StartupRules(AuthzOptions options, DataHome home) {
        this.options = options;
        this.home = home;
    }

    /** Returns a problem for each setting that prevents the start. */
    static List<String> problems(AuthzOptions options, DataHome home) {
        StartupRules rules = new StartupRules(options, home);
        rules.checkIssuer();
        rules.checkBinding();
        rules.problems.addAll(AssertionRules.problems(options));
        rules.problems.addAll(FederationRules.problems(options));
        rules.problems.addAll(options.mail().problems());
        rules.checkScopes();
        rules.checkFetching();
        rules.checkMutualTls();
        rules.checkRedirectSchemes();
        rules.checkAudit();
        if (!options.isDemo()) {
            rules.checkProduction();
        }
        return rules.problems;
    }

    private void checkAudit() {
        AuditOptions audit = options.audit();
        if (!audit.store().enabled() && (audit.file().path() != null || audit.otlp().enabled())) {
            problems.add("audit.file and audit.otlp export the events of the store, so audit.store.enabled must be true");
        }
    }

    /** Returns warnings about allowed settings. */
    static List<String> notices(AuthzOptions options) {
        boolean behindUnknownProxy = !options.isDemo() && options.tls() == null && options.trustedProxies().isEmpty();
        return behindUnknownProxy ? List.of("trustedProxies is empty and TLS ends at a proxy: all users behind that proxy count as"
            + " one source, so wrong passwords of one user lock out all others. Set trustedProxies to the proxy's address or network, such as 127.0.0.1 or 10.0.0.0/8")
            : List.of();
    }

    /** @throws StartupException with the list of problems, if there are any */
    static void require(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new StartupException("The authorization server does not start with this configuration:\n  "
                + String.join("\n  ", problems));
        }
    }

    private void checkIssuer() {
        try {
            URI issuer = new URI(options.issuer().identifier());
            boolean secure = "https".equals(issuer.getScheme());
            if (issuer.getHost() == null || issuer.getRawQuery() != null || issuer.getRawFragment() != null
                || issuer.getRawUserInfo() != null || !(secure || "http".equals(issuer.getScheme()))) {
                problems.add("issuer: " + options.issuer() + " is not an http(s) URL of a host without query and fragment");
            } else if (!secure && !Loopback.isLoopbackHost(issuer.getHost())) {
                problems.add("issuer: " + options.issuer() + " is plain http on a host other than this machine; use https");
            } else if (issuer.getPort() == 0) {
                problems.add("issuer: set it, because port 0 uses any free port");
            }
        } catch (URISyntaxException e) {
            problems.add("issuer: " + options.issuer() + " is not a URL");
        }
    }

    private void checkBinding() {
        String host = options.host();
        boolean loopback = Loopback.isLoopbackHost(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
        if (options.isDemo() && !loopback) {
            problems.add("host: the demo profile listens only on this machine; use localhost, or set profile to production");
        } else if (!loopback && options.tls() == null && options.trustedProxies().isEmpty()) {
            problems.add("host: " + host + " is open to the network without TLS; set tls, or use localhost, or list in"
                + " trustedProxies the proxies that end TLS");
        }
    }

    private void checkScopes() {
        Set<String> declared = new HashSet<>();
        if (options.scim().enabled() && options.scopeNames().contains(ScopePolicy.PROVISIONING)) {
            problems.add("scopes: " + ScopePolicy.PROVISIONING + " is the scope of provisioning; rename yours, or set scim.enabled to false");
        }
        if (options.admin().enabled()) {
            ScopePolicy.ADMINISTRATION.stream().map(ScopeOptions::name).filter(options.scopeNames()::contains)
                .forEach(name -> problems.add("scopes: " + name + " is a scope of the administration; rename yours, or set admin.enabled to false"));
        }
        options.scopeNames().stream().filter(name -> !declared.add(name))
            .forEach(name -> problems.add("scopes: " + name + " is declared twice"));
        options.scopes().forEach(scope -> scope.implies().stream().filter(name -> !declared.contains(name))
            .forEach(name -> problems.add("scopes: " + scope.name() + " implies " + name + ", which is not declared")));
        Set<String> known = new HashSet<>(options.scopeNames());
        options.assertions().audiences().forEach(audience -> known.addAll(audience.scopes()));
        options.groupScopes().forEach(entry -> entry.scopes().stream().filter(name -> !known.contains(name))
            .forEach(name -> problems.add("groupScopes: " + name + " is not declared in scopes or assertions.audiences")));
        options.claims().stream().filter(ClaimOptions::isReserved)
            .forEach(claim -> problems.add("claims: " + claim.name() + " is a claim of the server itself; choose another name"));
        try {
            options.scopeHierarchy();
        } catch (IllegalArgumentException circle) {
            problems.add("scopes: no scope may imply itself, but " + circle.getMessage());
        }
    }

    private void checkFetching() {
        FetchingOptions fetching = options.fetching();
        if (fetching.loopback() && !options.isDemo()) {
            problems.add("fetching.loopback: set it to false; production does not fetch from this machine");
        }
        if (fetching.trustFile() != null && !Files.isReadable(home.file(fetching.trustFile()))) {
            problems.add("fetching.trustFile: " + home.file(fetching.trustFile()) + " cannot be read");
        }
    }

    /** Otherwise metadata would announce methods that no client can use. */
    private void checkMutualTls() {
        MutualTlsOptions mutualTls = options.mutualTls();
        if (mutualTls.enabled()) {
            ClientCertificates.problem(options.tls() != null, mutualTls.proxyHeader(), options.trustedProxies()).ifPresent(problems::add);
        }
    }

    private void checkRedirectSchemes() {
        options.registration().redirectSchemes().stream().filter(RedirectUris::isDangerousScheme)
            .forEach(scheme -> problems.add("registration.redirectSchemes: " + scheme + " is not a scheme of an application"));
    }

    private void checkProduction() {
        if (!options.issuer().isHttps()) {
            problems.add("issuer: " + options.issuer() + " is plain http; production requires https");
        }
        if (options.introspection().openOnLoopback()) {
            problems.add("introspection.openOnLoopback: set it to false; each resource server needs its own client");
        }
        problems.addAll(options.store().productionProblems());
        if (options.recordDirectory() != null) {
            problems.add("recordDirectory: only the demo records login attempts");
        }
        refuseReadable("keyFile", home.file(options.keyFile()));
        if (options.store().postgresql().passwordFile() != null) {
            refuseReadable("store.postgresql.passwordFile", home.file(options.store().postgresql().passwordFile()));
        }
        FederationRules.files(options, home).forEach(secret -> refuseReadable(secret.setting(), secret.file()));
        if (options.mail().passwordFile() != null) {
            refuseReadable("mail.passwordFile", home.file(options.mail().passwordFile()));
        }
        if (options.tls() != null) {
            refuseReadable("tls.keyFile", home.file(options.tls().keyFile()));
        }
    }

    private void refuseReadable(String setting, Path file) {
        try {
            if (Files.exists(file) && !KeyFile.isPrivate(file)) {
                problems.add(setting + ": " + file + " is accessible to users other than its owner; run: chmod 600 " + file);
            }
        } catch (IOException e) {
            problems.add(setting + ": " + file + " cannot be read: " + e.getMessage());
        }
    }
}
