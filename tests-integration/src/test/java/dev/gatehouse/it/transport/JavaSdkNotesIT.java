package dev.gatehouse.it.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.JavaClient;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceReference;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.UnsubscribeRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The Java SDK's own client with the product, with an access token over HTTP and over stdio. */
@Gatehouse
@ResourceLock("notes of the demo user")
@Timeout(180)
final class JavaSdkNotesIT {
    private final RunningGatehouse gatehouse;

    enum Wire { HTTP, STDIO }

    JavaSdkNotesIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    private McpClientTransport to(Wire wire) {
        String token = gatehouse.tokens().access();
        if (wire == Wire.HTTP) {
            return JavaClient.http(gatehouse.mcpOrigin(), token);
        }
        Map<String, String> environment = new HashMap<>(Product.plainEnvironment(gatehouse.home()));
        environment.put("MCP_ACCESS_TOKEN", token);
        return JavaClient.stdio(Product.command("mcp", "--transport", "stdio", "--auth-server", gatehouse.issuer(),
            "--resource", gatehouse.mcp()), environment);
    }

    private JavaClient able(Wire wire) {
        return JavaClient.able(to(wire), JavaClient.accepting(Map.of("confirm", true)));
    }

    private static Map<?, ?> structured(CallToolResult result) {
        assertThat(result.isError()).as(String.valueOf(result.content())).isFalse();
        return (Map<?, ?>) result.structuredContent();
    }

    private static String create(JavaClient client, String content) {
        return (String) structured(client.call("create_secure_note", Map.of("title", "A note", "content", content))).get("note_id");
    }

    private static boolean isThere(JavaClient client, String id) {
        return client.call("list_secure_notes", Map.of()).structuredContent().toString().contains(id);
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientThatCanAskItsUserConfirmsADeletion(Wire wire) {
        try (JavaClient agreeing = able(wire); JavaClient declining = JavaClient.able(to(wire), JavaClient.declining())) {
            String id = create(agreeing, "to be deleted");
            assertThat(structured(declining.call("delete_secure_note", Map.of("note_id", id, "confirm", true))).get("deleted")).isEqualTo(false);
            assertThat(isThere(agreeing, id)).as("the user's answer counts, not the model's").isTrue();

            assertThat(structured(agreeing.call("delete_secure_note", Map.of("note_id", id))).get("deleted")).isEqualTo(true);
            assertThat(JavaClient.next(agreeing.forms).message()).contains("A note");
            assertThat(isThere(agreeing, id)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void clientThatCannotAskItsUserMustSayThatItDid(Wire wire) {
        try (JavaClient unable = JavaClient.unable(to(wire))) {
            String id = create(unable, "to be deleted");
            CallToolResult refused = unable.call("delete_secure_note", Map.of("note_id", id));
            assertThat(refused.isError()).isTrue();
            assertThat(JavaClient.text(refused)).contains("confirm");
            assertThat(isThere(unable, id)).isTrue();

            assertThat(structured(unable.call("delete_secure_note", Map.of("note_id", id, "confirm", true))).get("deleted")).isEqualTo(true);
            assertThat(isThere(unable, id)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void subscriberHearsOfANoteThatIsChangedElsewhere(Wire wire) {
        try (JavaClient subscriber = able(wire); JavaClient elsewhere = able(Wire.HTTP)) {
            String id = create(elsewhere, "as it was");
            String uri = "user://notes/" + id;
            subscriber.sdk().subscribeResource(SubscribeRequest.builder(uri).build());
            TextResourceContents read = (TextResourceContents) JavaClient.heard(subscriber.updates,
                () -> elsewhere.call("update_secure_note", Map.of("note_id", id, "content", "as it is now"))).get(0);
            assertThat(read.uri()).isEqualTo(uri);
            assertThat(read.text()).contains("as it is now");

            subscriber.sdk().unsubscribeResource(UnsubscribeRequest.builder(uri).build());
            elsewhere.call("update_secure_note", Map.of("note_id", id, "content", "unheard"));
            JavaClient.heard(subscriber.resources, () -> create(elsewhere, "another"));
            assertThat(subscriber.updates).noneMatch(contents -> contents.toString().contains("unheard"));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void notesMadeElsewhereAppearInTheList(Wire wire) {
        try (JavaClient client = able(wire); JavaClient elsewhere = able(Wire.HTTP)) {
            int before = client.sdk().listResources().resources().size();
            assertThat(JavaClient.heard(client.resources, () -> create(elsewhere, "made elsewhere"))).hasSizeGreaterThan(before)
                .extracting(Resource::uri).anyMatch(uri -> uri.startsWith("user://notes/"));
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void notesAreReadAndTheirIdsCompleted(Wire wire) {
        try (JavaClient client = able(wire)) {
            String id = create(client, "to be read");
            assertThat(client.sdk().readResource(ReadResourceRequest.builder("user://notes/" + id).build()).contents().toString()).contains("to be read");
            assertThat(completions(client, id.substring(0, id.length() - 1))).containsExactly(id);
            assertThat(completions(client, "nonesuch")).isEmpty();
        }
    }

    private static List<String> completions(JavaClient client, String prefix) {
        return client.sdk().completeCompletion(CompleteRequest.builder(new ResourceReference("user://notes/{note_id}"),
            new CompleteRequest.CompleteArgument("note_id", prefix)).build()).completion().values();
    }

    @Test
    void clientWithoutAUsableTokenDoesNotGetIn() {
        assertThatThrownBy(() -> JavaClient.unable(JavaClient.http(gatehouse.mcpOrigin(), "nonsense"))).isInstanceOf(RuntimeException.class);
        try (JavaClient client = JavaClient.unable(to(Wire.HTTP))) {
            assertThat(structured(client.call("get_user_profile", Map.of())).get("user_id")).isEqualTo("testuser");
        }
    }
}
