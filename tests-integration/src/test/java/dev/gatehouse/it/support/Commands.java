package dev.gatehouse.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What tests do through the command line of the product, on the data home of running servers. */
public final class Commands {
    private Commands() {
    }

    /** Registers a public client and returns its identifier. */
    public static String addPublicClient(Path home, String... redirectUris) {
        String id = "public-" + Pkce.random().substring(0, 8);
        List<String> arguments = new ArrayList<>(List.of("client", "add", id, "--public"));
        Stream.of(redirectUris).forEach(uri -> arguments.addAll(List.of("--redirect-uri", uri)));
        Product.Result result = Product.run(home, arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return id;
    }

    /** Registers a public client for devices and returns its identifier. */
    public static String addDevice(Path home) {
        String id = "device-" + Pkce.random().substring(0, 8);
        Product.Result result = Product.run(home, "client", "add", id, "--public", "--name", "Television",
            "--grant", "urn:ietf:params:oauth:grant-type:device_code,refresh_token");
        assertThat(result.exitCode()).as(result.err()).isZero();
        return id;
    }

    /** Registers a confidential client with these further options of {@code client add}, and returns it. */
    public static OAuthClient addConfidentialClient(RunningGatehouse gatehouse, String redirectUri, String... options) {
        String id = "confidential-" + Pkce.random().substring(0, 8);
        List<String> arguments = new ArrayList<>(List.of("client", "add", id, "--confidential"));
        if (redirectUri != null) {
            arguments.addAll(List.of("--redirect-uri", redirectUri));
        }
        arguments.addAll(List.of(options));
        Product.Result result = Product.run(gatehouse.home(), arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        String secret = result.out().replaceAll("(?s).*client_secret: *(\\S+).*", "$1");
        return new OAuthClient(gatehouse.issuer(), id, secret, redirectUri);
    }

    /** Adds a user who logs in with this password. */
    public static void addUser(Path home, String username, String password) {
        Product.Result result = Product.runWithInput(home, password + "\n", "user", "add", username);
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    public static Product.Result changePassword(Path home, String username, String password) {
        return Product.runWithInput(home, password + "\n", "user", "password", username);
    }
}
