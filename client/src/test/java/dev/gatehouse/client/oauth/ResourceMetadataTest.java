package dev.gatehouse.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;

final class ResourceMetadataTest {

    private static final URI SERVER = URI.create("https://rs.example/a/mcp");

    @ParameterizedTest
    @ValueSource(strings = {"https://rs.example/a/mcp", "https://rs.example/a", "https://rs.example/", "https://rs.example"})
    void theServerOrAParentOfItIsTaken(String resource) {
        ResourceMetadata metadata = new ResourceMetadata(new JsonObject().put("resource", resource));
        assertThat(metadata.requireAbout(SERVER)).isSameAs(metadata);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example/a/mcp", "https://rs.example/a/mc", "https://rs.example/b", "http://rs.example/a/mcp",
        "https://rs.example:8443/a/mcp", "https://rs.example/a/mcp/more"})
    void anotherResourceIsRefused(String resource) {
        assertThatThrownBy(() -> new ResourceMetadata(new JsonObject().put("resource", resource)).requireAbout(SERVER))
            .isInstanceOf(OAuthFailure.class).hasMessageContaining("RFC 9728");
    }
}
