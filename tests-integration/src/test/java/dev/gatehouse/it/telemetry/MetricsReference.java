package dev.gatehouse.it.telemetry;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Generates the table of docs/observability.md from the metrics of the servers. */
final class MetricsReference {

    static final Path FILE = Product.ROOT.resolve("docs/observability.md");
    private static final Pattern TABLE = Pattern.compile("(?s)(<!-- Generated from /metrics; .*? -->\n).*?(?=<!-- End -->)");

    private MetricsReference() {
    }

    /** Run by {@code ./gatehouse-dev docs}. */
    public static void main(String[] arguments) throws IOException {
        int port = Ports.free();
        try (RunningGatehouse gatehouse = RunningGatehouse.upWith("--metrics-port", String.valueOf(port))) {
            exercise(gatehouse);
            Files.writeString(FILE, withFreshTable(Files.readString(FILE), Scrape.of("http://127.0.0.1:" + port + "/metrics")));
        }
    }

    /** A login, a refresh, a call of a tool, and a rejected request at each server: what gives every metric a value. */
    static Tokens exercise(RunningGatehouse gatehouse) {
        Tokens tokens = gatehouse.tokens();
        gatehouse.client().refresh(tokens.refresh());
        McpSession.open(gatehouse.mcp(), tokens.access()).tool("list_secure_notes", new JsonObject());
        Http.get(gatehouse.mcp());
        Http.postForm(gatehouse.issuer() + "/oauth/token", Map.of("grant_type", "client_credentials"));
        return tokens;
    }

    static String withFreshTable(String text, Scrape scrape) {
        String rows = scrape.families().stream().map(Scrape.Family::row).collect(Collectors.joining("\n"));
        return TABLE.matcher(text).replaceAll(table -> Matcher.quoteReplacement(table.group(1)
            + "\n| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n" + rows + "\n\n"));
    }
}
