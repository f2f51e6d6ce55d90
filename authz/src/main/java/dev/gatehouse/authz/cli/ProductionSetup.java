package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.fetch.TrustedAuthorities;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A production installation of both servers on one machine: from the operator's answers to files. Blocking.
 *
 * @param issuer       public URL of the authorization server
 * @param resource     public URL of the MCP server
 * @param tls          what ends TLS
 * @param registration whether MCP clients register themselves
 * @param trustFile    PEM file of a private certificate authority, or null
 * @param store        the section {@code store} of both configurations; empty for files in the data home
 */
record ProductionSetup(String issuer, String resource, Tls tls, boolean registration, Path trustFile, JsonObject store) {

    static final String CLIENT_ID = "mcp-server";
    private static final Pattern PLAIN = Pattern.compile("[\\w./:=@%+,-]+");
    private static final String SECRET_VARIABLE = "GATEHOUSE_INTROSPECTION_SECRET";

    /** Proxies, or a certificate with its key; the other is empty or null. */
    record Tls(List<String> proxies, Path certificate, Path key) {
    }

    static String issuer(String text) {
        URI uri = https("issuer", text);
        if (uri.getRawQuery() != null || text.endsWith("/")) {
            throw new StartupException("issuer: " + text + " has a query or ends in a slash; an issuer has neither. Nothing was written.");
        }
        return text;
    }

    static String resource(String text) {
        try {
            String value = ResourceId.parse(https("resource", text).toString()).value();
            if (!value.endsWith("/mcp")) {
                throw new StartupException("resource: " + text + " does not end in /mcp, the path of the MCP endpoint. Nothing was written.");
            }
            return value;
        } catch (OAuthException e) {
            throw new StartupException("resource: " + e.description() + ". Nothing was written.", e);
        }
    }

    private static URI https(String what, String text) {
        try {
            URI uri = new URI(text);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new StartupException(what + ": " + text + " is not a URL. Nothing was written.", e);
        }
        throw new StartupException(what + ": " + text + " is not an https URL with a host and without user and fragment. Nothing was written.");
    }

    static boolean registration(String text) {
        if (!Set.of("open", "closed").contains(text)) {
            throw new StartupException("registration: " + text + " is neither open nor closed. Nothing was written.");
        }
        return text.equals("open");
    }

    /** Null for {@code none}. */
    static Path trustFile(String text) {
        if (text.equals("none")) {
            return null;
        }
        Path file = requiredFile(text);
        try {
            TrustedAuthorities.withFile(file);
            return file;
        } catch (IOException e) {
            throw new StartupException("trust file: " + e.getMessage() + ". Nothing was written.", e);
        }
    }

    /** Both may be null. The database must be reachable, because the command adds a client to it. */
    static JsonObject store(String url, String passwordFile) {
        if (url == null) {
            if (passwordFile != null) {
                throw new StartupException("--store-password-file: there is no --store. Nothing was written.");
            }
            return new JsonObject();
        }
        JsonObject store = new JsonObject().put("url", url);
        return passwordFile == null ? store : store.put("postgresql", new JsonObject().put("passwordFile", requiredFile(passwordFile).toString()));
    }

    /** Addresses and networks; none for {@code none}. */
    static List<String> proxies(String text) {
        if (text.equals("none")) {
            return List.of();
        }
        List<String> addresses = Arrays.stream(text.split("[,\\s]+")).filter(address -> !address.isEmpty()).toList();
        try {
            new ClientAddress(addresses);
            return addresses;
        } catch (StartupException e) {
            throw new StartupException(e.getMessage() + ". Nothing was written.", e);
        }
    }

    static Path requiredFile(String text) {
        Path file = Path.of(text).toAbsolutePath().normalize();
        if (!Files.isReadable(file)) {
            throw new StartupException(file + " cannot be read. Nothing was written.");
        }
        return file;
    }

    /**
     * Adds the MCP server's client to the store and writes all files.
     *
     * @throws StartupException when a file or the client exists; the message names it
     */
    void write(Path directory) {
        Path target = directory.toAbsolutePath().normalize();
        if (tls.certificate() != null && port(issuer) == port(resource)) {
            throw new StartupException("issuer and resource have the same port, " + port(issuer) + ". Without a proxy each server listens on the port "
                + "of its URL: name another in one of them, such as https://mcp.example.com:8443/mcp. Nothing was written.");
        }
        JsonObject checked = ConfigFile.check(authz(), AuthzOptions.SCHEMA, System.getenv());
        List<String> unsafe = AuthzOptions.of(checked).store().productionProblems();
        if (!unsafe.isEmpty()) {
            throw new StartupException(String.join("; ", unsafe) + ". Nothing was written.");
        }
        String secret = SecretToken.generate("ghs_");
        Map<String, String> files = new LinkedHashMap<>();
        files.put("authz.json", authz().encodePrettily() + "\n");
        files.put("resource.json", mcp().encodePrettily() + "\n");
        files.put("mcp.env", SECRET_VARIABLE + "=" + secret + "\n");
        files.put("gatehouse-authz.service", unit("authorization server", target, "authz -conf " + argument(target.resolve("authz.json")), "", issuer));
        files.put("gatehouse-mcp.service", unit("MCP server", target,
            "mcp --transport http -conf " + argument(target.resolve("resource.json")), "EnvironmentFile=" + escaped(target.resolve("mcp.env")) + "\n", resource));
        files.keySet().stream().map(target::resolve).filter(Files::exists).findFirst().ifPresent(existing -> {
            throw new StartupException(existing + " exists. Name another --directory, or move the file away. Nothing was written.");
        });
        boolean isNew = Files.notExists(target);
        List<Path> written = new ArrayList<>();
        try {
            Files.createDirectories(target);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path created = Files.createFile(target.resolve(file.getKey()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                written.add(created);
                Files.writeString(created, file.getValue());
            }
            // Last, so that a second run is not refused because of the client of a first one that wrote no files.
            addClient(checked, secret);
        } catch (IOException e) {
            remove(written, isNew ? target : null);
            throw new StartupException("The files cannot be written to " + target + ": " + e + ". Nothing was written.", e);
        } catch (RuntimeException e) {
            remove(written, isNew ? target : null);
            throw e;
        }
    }

    private static void remove(List<Path> written, Path directory) {
        try {
            for (Path file : written) {
                Files.delete(file);
            }
            if (directory != null && Files.isDirectory(directory)) {
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new StartupException("The files of a failed setup cannot be removed: " + e + ". Remove them before the next run.", e);
        }
    }

    private void addClient(JsonObject checked, String secret) {
        long now = Clock.systemUTC().millis();
        Client client = new Client(CLIENT_ID, "MCP server", List.of(new Client.Secret(ClientSecrets.storedForm(secret), now, null)),
            Set.of(ClientAuthMethod.CLIENT_SECRET_BASIC), List.of(), Set.of(), Scopes.NONE, List.of(resource, sse()), now);
        boolean added = StoreOptions.use(checked, stores -> stores.clients().add(client));
        if (!added) {
            throw new StartupException("The store of this data home has a client " + CLIENT_ID + " already, so an installation exists. "
                + "Name a new data home in GATEHOUSE_HOME, or run: gatehouse client delete " + CLIENT_ID + ". Nothing was written.");
        }
        StoreOptions.audit(checked, "client_added", "client_id", CLIENT_ID);
    }

    /** The older endpoint has an identifier of its own: a client of it asks for tokens for the URL that it connects to (RFC 9728 §3.3). */
    private String sse() {
        return resource.substring(0, resource.length() - "/mcp".length()) + "/sse";
    }

    private JsonObject authz() {
        JsonObject json = new JsonObject().put("profile", "production");
        putAddress(json, 9000, issuer);
        if (!tls.proxies().isEmpty()) {
            json.put("trustedProxies", new JsonArray(tls.proxies()));
        }
        return json.put("issuer", issuer).put("defaultResource", resource)
            .put("resources", new JsonArray().add(new JsonObject().put("resource", sse())))
            .put("registration", new JsonObject()
                .put("dynamic", new JsonObject().put("enabled", registration))
                .put("documents", new JsonObject().put("enabled", registration)))
            .mergeIn(common());
    }

    /** The sections that both servers share. */
    private JsonObject common() {
        JsonObject json = new JsonObject();
        if (trustFile != null) {
            json.put("fetching", new JsonObject().put("trustFile", trustFile.toString()));
        }
        return store.isEmpty() ? json : json.put("store", store.copy());
    }

    private JsonObject mcp() {
        JsonObject json = new JsonObject().put("profile", "production");
        putAddress(json, 8001, resource);
        json.put("resource", resource).put("authServer", issuer).put("introspection", new JsonObject()
            .put("clientId", CLIENT_ID).put("clientSecret", "${" + SECRET_VARIABLE + "}"));
        return json.mergeIn(common());
    }

    /** A proxy finds the server at a port of this machine. Clients that connect directly use the port of the public URL. */
    private void putAddress(JsonObject json, int port, String url) {
        boolean behindProxy = tls.certificate() == null;
        json.put("host", behindProxy ? "localhost" : "0.0.0.0").put("port", behindProxy ? port : port(url));
        if (!behindProxy) {
            json.put("tls", new JsonObject().put("certificateFile", tls.certificate().toString()).put("keyFile", tls.key().toString()));
        }
    }

    private static int port(String url) {
        int port = URI.create(url).getPort();
        return port < 0 ? 443 : port;
    }

    /** Runs as the user who installs it. The process may write nothing but the data home, and open a port below 1024 only if it has to. */
    private String unit(String what, Path directory, String command, String more, String url) {
        Path home = DataHome.of(System.getenv()).directory();
        boolean lowPort = tls.certificate() != null && port(url) < 1024;
        return """
            [Unit]
            Description=Gatehouse %1$s
            After=network-online.target
            Wants=network-online.target

            [Service]
            User=%2$s
            WorkingDirectory=%3$s
            Environment=%4$s
            %5$sExecStart=%6$s %7$s
            Restart=always
            RestartSec=1
            TimeoutStopSec=20
            NoNewPrivileges=true
            PrivateTmp=true
            PrivateDevices=true
            ProtectSystem=strict
            ProtectKernelTunables=true
            ProtectKernelModules=true
            ProtectControlGroups=true
            RestrictSUIDSGID=true
            RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
            LockPersonality=true
            %8$s
            ReadWritePaths=%9$s

            [Install]
            WantedBy=multi-user.target
            """.formatted(what, System.getProperty("user.name"), escaped(directory), quoted("GATEHOUSE_HOME=" + escaped(home)), more,
            argument(Path.of(System.getProperty("gatehouse.command", "gatehouse"))), command,
            lowPort ? "AmbientCapabilities=CAP_NET_BIND_SERVICE\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE" : "CapabilityBoundingSet=",
            quoted(escaped(home)));
    }

    /** systemd.unit(5): a percent sign begins a specifier. */
    private static String escaped(Path path) {
        return path.toString().replace("%", "%%");
    }

    /** systemd.service(5): a dollar sign of a command line begins a variable. */
    private static String argument(Path path) {
        return quoted(escaped(path).replace("$", "$$"));
    }

    /** systemd.syntax(7): a word with white space stands in quotes. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** As a word of a shell's command line. */
    private static String shell(Path path) {
        return PLAIN.matcher(path.toString()).matches() ? path.toString() : "'" + path.toString().replace("'", "'\\''") + "'";
    }

    /** Returns the next steps of the operator, for a terminal. */
    String nextSteps(Path directory) {
        Path target = directory.toAbsolutePath().normalize();
        return """

            Written to %1$s:
              authz.json, resource.json       configurations of the two servers
              mcp.env                         secret of the client %2$s, by which the MCP server introspects
              gatehouse-authz.service, gatehouse-mcp.service

            Next:
              ./gatehouse user add NAME -conf %5$s/authz.json
              ./gatehouse authz -conf %5$s/authz.json
              (set -a; . %5$s/mcp.env; ./gatehouse mcp --transport http -conf %5$s/resource.json)
            or, as services:
              sudo cp %5$s/*.service /etc/systemd/system/
              sudo systemctl daemon-reload
              sudo systemctl enable --now gatehouse-authz gatehouse-mcp

            -conf names a file relative to the working directory. Files named inside a configuration are absolute, or in
            the data home, %3$s.%4$s""".formatted(target, CLIENT_ID, DataHome.of(System.getenv()).directory(),
            tls.certificate() != null ? "" : "\n\nThe proxy forwards " + issuer + " to http://127.0.0.1:9000 and " + origin(resource)
                + " to http://127.0.0.1:8001.", shell(target));
    }

    private static String origin(String url) {
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
