package dev.gatehouse.shared.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceIdTest {

    @ParameterizedTest
    @CsvSource({"https://MCP.example/a,https://mcp.example/a", "HTTP://localhost:80/mcp,http://localhost/mcp",
        "https://mcp.example:443/,https://mcp.example", "https://mcp.example/a?b=C,https://mcp.example/a?b=C"})
    void equivalentUrlsAreOneIdentifier(String text, String value) {
        assertThat(ResourceId.parse(text)).isEqualTo(new ResourceId(value));
    }

    @ParameterizedTest
    @CsvSource({"http://localhost:8001/mcp,127.0.0.1,http://127.0.0.1:8001/mcp", "http://[::1]:8001/mcp,localhost,http://localhost:8001/mcp",
        "http://localhost/localhost,[::1],http://[::1]/localhost", "https://mcp.example/mcp,localhost,https://mcp.example/mcp",
        "http://localhost:8001/mcp,evil.example,http://localhost:8001/mcp", "http://localhost:8001/mcp,,http://localhost:8001/mcp"})
    void identifierOfThisMachineTakesTheLoopbackNameOfARequestAndNoOther(String resource, String host, String called) {
        assertThat(ResourceId.parse(resource).asCalled(host)).hasToString(called);
    }

    @Test
    void urnIsAnAbsoluteUri() {
        ResourceId urn = ResourceId.parse("URN:Example:Notes/Of:Anna");
        assertThat(urn).hasToString("urn:example:Notes/Of:Anna");
        assertThat(urn.isUrl()).isFalse();
        assertThat(urn.isLoopback()).isFalse();
        assertThat(urn.withOtherEnding()).isEqualTo(urn);
        assertThat(ResourceId.parse("https://mcp.example").isUrl()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/mcp", "mcp.example", "https://mcp.example/#a", "https://user@mcp.example", "https:///mcp", "urn:x", "urn:-a:b",
        "urn:example:", "urn:example:a#b", "urn:example:a b", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.example"})
    void whatNamesNoResourceIsAnInvalidTarget(String text) {
        assertThatThrownBy(() -> ResourceId.parse(text)).isInstanceOfSatisfying(OAuthException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(OAuthErrorCode.INVALID_TARGET));
    }
}
