package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.StartupException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Helm chart, rendered by Helm's template engine, and the files of the container. */
final class HelmChartTest {

    private static final Path CHART = Product.ROOT.resolve("deploy/helm/gatehouse");
    private static final Path CONTAINER = Product.ROOT.resolve("deploy/container");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Map<String, Class<?>> KINDS = Map.of("Deployment", Deployment.class, "Service", Service.class, "ConfigMap", ConfigMap.class,
        "Ingress", Ingress.class, "PodDisruptionBudget", PodDisruptionBudget.class, "HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
        "NetworkPolicy", NetworkPolicy.class);

    /** Refuses the fields that Kubernetes does not know; the models alone would keep them. */
    private static final ObjectMapper STRICT = JsonMapper.builder().annotationIntrospector(new JacksonAnnotationIntrospector() {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }).build();

    private static Path renderer;

    @BeforeAll
    static void buildTheRenderer() {
        renderer = Product.scratch("helm").resolve("render");
        Product.Result built = Product.run(List.of(Parts.go().toString(), "build", "-o", renderer.toString(),
            Product.ROOT.resolve("tests-integration/helm/render.go").toString()), Map.of(), "");
        assertThat(built.exitCode()).as(built.err()).isZero();
    }

    @Test
    void everyObjectOfTheChartIsOneThatKubernetesKnows() throws IOException {
        List<JsonNode> objects = render(values());
        assertThat(objects).extracting(object -> object.path("kind").asText() + " " + object.at("/metadata/name").asText()).containsExactlyInAnyOrder(
            "Deployment test-authz", "Deployment test-mcp", "ConfigMap test-authz", "ConfigMap test-mcp", "Service test-authz", "Service test-mcp",
            "Ingress test-authz", "Ingress test-mcp", "PodDisruptionBudget test-authz", "PodDisruptionBudget test-mcp",
            "NetworkPolicy test-authz", "NetworkPolicy test-mcp");
        for (JsonNode object : objects) {
            STRICT.treeToValue(object, KINDS.get(object.path("kind").asText()));
        }
        JsonNode misspelled = YAML.readTree("{kind: Service, spec: {selektor: {}}}");
        assertThatThrownBy(() -> STRICT.treeToValue(misspelled, Service.class)).hasMessageContaining("selektor");
    }

    @Test
    void whatIsOptionalIsThereWhenItIsEnabledAndGoneWhenNot() throws IOException {
        JsonObject enabled = new JsonObject("""
            {"serviceMonitor": {"enabled": true}, "authz": {"autoscaling": {"enabled": true}},
             "networkPolicy": {"enabled": false}, "podDisruptionBudget": {"enabled": false}, "ingress": {"enabled": false}}""");
        List<JsonNode> objects = render(values().mergeIn(enabled, true));
        assertThat(objects).extracting(object -> object.path("kind").asText()).contains("ServiceMonitor", "HorizontalPodAutoscaler")
            .doesNotContain("NetworkPolicy", "PodDisruptionBudget", "Ingress");
        for (JsonNode object : objects) {
            if (!object.path("kind").asText().equals("ServiceMonitor")) {
                STRICT.treeToValue(object, KINDS.get(object.path("kind").asText()));
            }
        }
        assertThat(deployment(objects, "authz").getSpec().getReplicas()).as("the autoscaler counts").isNull();
        assertThat(deployment(objects, "mcp").getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void podsAreUnprivilegedReadOnlyAndProbed() throws IOException {
        List<JsonNode> objects = render(values());
        for (String name : List.of("authz", "mcp")) {
            var pod = deployment(objects, name).getSpec().getTemplate().getSpec();
            Container container = pod.getContainers().get(0);
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
                .extracting(probe -> probe.getHttpGet().getPath()).containsExactly("/health/startup", "/health/live", "/health/ready");
            assertThat(container.getVolumeMounts()).extracting(mount -> mount.getName())
                .containsExactlyElementsOf(pod.getVolumes().stream().map(volume -> volume.getName()).toList());
            assertThat(container.getEnv()).filteredOn(variable -> variable.getName().contains("SECRET"))
                .allMatch(variable -> variable.getValue() == null && variable.getValueFrom().getSecretKeyRef() != null);
        }
    }

    @Test
    void serversAcceptTheConfigurationsOfTheChartAndOfTheContainer() throws IOException {
        List<JsonNode> objects = render(values());
        for (String server : List.of("authz", "mcp")) {
            String schema = server.equals("mcp") ? "schema/resource.json" : "schema/authz.json";
            JsonNode map = objects.stream().filter(object -> object.path("kind").asText().equals("ConfigMap")
                && object.at("/metadata/name").asText().equals("test-" + server)).findFirst().orElseThrow();
            JsonObject rendered = new JsonObject(map.at("/data/server.json").asText());
            assertThat(ConfigFile.check(rendered, schema, Map.of()).getString("profile")).isEqualTo("production");
            JsonObject ofContainer = ConfigFile.read(CONTAINER.resolve(server.equals("mcp") ? "resource.json" : "authz.json"));
            assertThat(ConfigFile.check(ofContainer, schema, Map.of()).getString("profile")).isEqualTo("production");
            assertThatThrownBy(() -> ConfigFile.check(rendered.copy().put("prot", 1), schema, Map.of())).isInstanceOf(StartupException.class);
        }
    }

    @Test
    void valuesThatCannotWorkAreRefused() throws IOException {
        assertThat(isValid(values())).isTrue();
        for (String wrong : List.of("{\"authz\": {\"configuration\": {\"issuer\": \"http://auth.example.com\"}}}", "{\"authz\": {\"host\": \"\"}}",
            "{\"mcp\": {\"replicas\": 0}}", "{\"ingres\": {}}", "{\"secret\": \"\"}", "{\"mcp\": {\"configuration\": {\"authServer\": \"\"}}}")) {
            assertThat(isValid(values().mergeIn(new JsonObject(wrong), true))).as(wrong).isFalse();
        }
        assertThat(isValid(chart())).as("the defaults lack what each installation must say").isFalse();
    }

    @Test
    void composeFileStartsTwoNodesOfEachServerReadOnlyBehindTheProxy() throws IOException {
        JsonNode services = YAML.readTree(Files.readString(CONTAINER.resolve("compose.yaml"))).path("services");
        assertThat(services.fieldNames()).toIterable().contains("authz-1", "authz-2", "mcp-1", "mcp-2", "database", "proxy", "prometheus");
        List<String> targets = new ArrayList<>();
        YAML.readTree(Files.readString(CONTAINER.resolve("prometheus.yml"))).findValue("scrape_configs")
            .findValues("targets").forEach(list -> list.forEach(target -> targets.add(target.asText().replaceFirst(":.*", ""))));
        assertThat(targets).containsExactly("authz-1", "authz-2", "mcp-1", "mcp-2");
        List<String> mounted = Files.readAllLines(CONTAINER.resolve("compose.yaml")).stream().filter(line -> line.matches(" +- \\./[a-z]+\\.[a-z]+:.*"))
            .map(line -> line.replaceFirst(" +- ", "").replaceFirst(":.*", "")).toList();
        assertThat(mounted).isNotEmpty().allMatch(file -> Files.isRegularFile(CONTAINER.resolve(file)));
    }

    private static Deployment deployment(List<JsonNode> objects, String name) throws IOException {
        return STRICT.treeToValue(objects.stream().filter(object -> object.path("kind").asText().equals("Deployment")
            && object.at("/metadata/name").asText().equals("test-" + name)).findFirst().orElseThrow(), Deployment.class);
    }

    private static JsonObject chart() throws IOException {
        return new JsonObject(YAML.readTree(Files.readString(CHART.resolve("values.yaml"))).toString());
    }

    /** The values of an installation, which Helm merges into those of the chart. */
    private static JsonObject values() throws IOException {
        return chart().mergeIn(new JsonObject("""
            {"authz": {"host": "auth.example.com", "configuration": {"issuer": "https://auth.example.com", "defaultResource": "https://mcp.example.com/mcp"}},
             "mcp": {"host": "mcp.example.com", "configuration": {"resource": "https://mcp.example.com/mcp", "authServer": "https://auth.example.com"}}}"""), true);
    }

    private static boolean isValid(JsonObject values) throws IOException {
        JsonSchema schema = JsonSchema.of(new JsonObject(Files.readString(CHART.resolve("values.schema.json"))));
        return Validator.create(schema, new JsonSchemaOptions().setDraft(Draft.DRAFT7).setBaseUri("https://example.com").setOutputFormat(OutputFormat.Flag))
            .validate(values).getValid();
    }

    private static List<JsonNode> render(JsonObject values) throws IOException {
        List<String> command = new ArrayList<>(List.of(renderer.toString()));
        try (Stream<Path> templates = Files.list(CHART.resolve("templates"))) {
            templates.map(Path::toString).sorted().forEach(command::add);
        }
        JsonObject data = new JsonObject().put("Values", values).put("Release", new JsonObject().put("Name", "test"));
        Product.Result result = Product.run(command, Map.of(), data.encode());
        assertThat(result.exitCode()).as(result.err()).isZero();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(result.out())) {
            return documents.readAll().stream().filter(JsonNode::isObject).toList();
        }
    }
}
