package dev.gatehouse.it.telemetry;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A Prometheus with the product's alert rules, which scrapes each second. */
final class RunningPrometheus implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);

    private final String url;
    private final ChildProcess process;

    /** @param targets the ports of the metrics by the names of their jobs */
    RunningPrometheus(Map<String, Integer> targets) {
        Path home = Product.scratch("prometheus");
        StringBuilder configuration = new StringBuilder("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ["
            + Product.ROOT.resolve("ops/alerts.yml") + "]\nscrape_configs:\n");
        targets.forEach((job, port) -> configuration.append("  - {job_name: ").append(job).append(", static_configs: [{targets: [\"127.0.0.1:")
            .append(port).append("\"]}]}\n"));
        url = "http://127.0.0.1:" + Ports.free();
        try {
            Path file = Files.writeString(home.resolve("prometheus.yml"), configuration);
            process = ChildProcess.start(home.resolve("log"), Map.of(), List.of(Parts.prometheus("prometheus").toString(), "--config.file=" + file,
                "--storage.tsdb.path=" + home.resolve("data"), "--web.listen-address=" + url.substring("http://".length())));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Eventually.holds("Prometheus answers", START, () -> Http.get(url + "/-/ready").statusCode() == 200);
    }

    /** The values of an expression; fails if it is invalid. */
    JsonArray query(String expression) {
        HttpResponse<String> answer = Http.postForm(url + "/api/v1/query", Map.of("query", expression));
        JsonObject body = new JsonObject(answer.body());
        if (!"success".equals(body.getString("status"))) {
            throw new IllegalArgumentException(expression + ": " + answer.body());
        }
        return body.getJsonObject("data").getJsonArray("result");
    }

    /** The alert rules as Prometheus has read them. */
    List<JsonObject> rules() {
        return new JsonObject(Http.get(url + "/api/v1/rules").body()).getJsonObject("data").getJsonArray("groups").stream()
            .flatMap(group -> ((JsonObject) group).getJsonArray("rules").stream()).map(JsonObject.class::cast).toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
