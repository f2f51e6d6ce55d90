package dev.gatehouse.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.Optional;

final class MetadataPlacesTest {

    @Test
    void theChallengesAddressIsTheOnlyPlace() {
        assertThat(MetadataPlaces.ofResource(URI.create("https://a.example/mcp"), Optional.of("https://a.example/x"))).containsExactly("https://a.example/x");
    }

    @Test
    void thePathOfTheServerComesBeforeTheRoot() {
        assertThat(MetadataPlaces.ofResource(URI.create("https://a.example:8443/public/mcp"), Optional.empty())).containsExactly(
            "https://a.example:8443/.well-known/oauth-protected-resource/public/mcp", "https://a.example:8443/.well-known/oauth-protected-resource");
        assertThat(MetadataPlaces.ofResource(URI.create("https://a.example/"), Optional.empty()))
            .containsExactly("https://a.example/.well-known/oauth-protected-resource");
    }

    @Test
    void authorizationServersAreLookedForInTheOrderOfTheSpecification() {
        assertThat(MetadataPlaces.ofServer("https://a.example")).containsExactly("https://a.example/.well-known/oauth-authorization-server",
            "https://a.example/.well-known/openid-configuration");
        assertThat(MetadataPlaces.ofServer("https://a.example/tenant1")).containsExactly(
            "https://a.example/.well-known/oauth-authorization-server/tenant1", "https://a.example/.well-known/openid-configuration/tenant1",
            "https://a.example/tenant1/.well-known/openid-configuration");
    }
}
