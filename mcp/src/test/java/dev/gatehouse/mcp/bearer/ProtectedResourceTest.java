package dev.gatehouse.mcp.bearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.oauth.ResourceId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class ProtectedResourceTest {

    private final ProtectedResource loopback = of("http://localhost:8001/mcp");
    private final ProtectedResource remote = of("https://mcp.example/mcp");

    private static ProtectedResource of(String id) {
        return ProtectedResource.of(ResourceId.parse(id), "http://localhost:9000", List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8001/mcp", "http://localhost:8001/mcp/", "http://127.0.0.1:8001/mcp", "http://[::1]:8001/mcp",
        "http://localhost:8001", "http://localhost:8001/", "http://127.0.0.1:8001", "http://127.0.0.1:8001/sse", "http://localhost:8001/sse/"})
    void spellingsThatPeopleTypeForAServerOfThisMachineNameIt(String audience) {
        assertThat(loopback.isAudience(audience)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8002/mcp", "https://localhost:8001/mcp", "http://localhost:8001/other", "http://localhost:8001/mcp/x",
        "http://localhost", "http://localhost.evil.example:8001/mcp", "http://evil.example:8001/mcp", "http://127.0.0.1:8002"})
    void otherServersAreNotNamed(String audience) {
        assertThat(loopback.isAudience(audience)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://mcp.example/mcp", "https://mcp.example/mcp/", "https://MCP.example/sse"})
    void aFinalSlashMakesNoDifferenceElsewhere(String audience) {
        assertThat(remote.isAudience(audience)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://mcp.example", "http://localhost:443/mcp", "https://127.0.0.1/mcp"})
    void onAnotherMachineTheOriginAndLoopbackNamesStandForNothing(String audience) {
        assertThat(remote.isAudience(audience)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"https://mcp.example/mcp,'',''", "https://mcp.example/x/mcp,'',/x", "https://mcp.example/x/mcp,/x,/x",
        "https://mcp.example/x/api/mcp,/api,/x/api", "https://mcp.example/mcp,/api,/api"})
    void publicPathIsThatOfTheIdentifierUnlessTheRouterIsMountedElsewhere(String id, String mountPoint, String path) {
        assertThat(of(id).publicPath(mountPoint)).isEqualTo(path);
    }
}
