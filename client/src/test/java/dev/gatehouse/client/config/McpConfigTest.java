package dev.gatehouse.client.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.config.ServerEntry.TransportKind;
import dev.gatehouse.client.oauth.OAuthOptions;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

final class McpConfigTest {

    private static final String GUIDE = """
        {"servers": [{"name": "oauth-protected", "transport": "stdio",
          "command": ["./gatehouse", "mcp", "--auth-server", "http://localhost:9000"],
          "env": {"MCP_ACCESS_TOKEN": "${MCP_ACCESS_TOKEN:-}"},
          "auth": {"type": "oauth", "authorization_url": "http://localhost:9000/oauth/authorize",
            "token_url": "http://localhost:9000/oauth/token", "client_id": "mcp-test-client", "client_secret": "mcp-test-secret",
            "scope": "mcp:read mcp:write", "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}}]}
        """;

    private static McpConfig parse(String json) {
        return McpConfig.parse(new JsonObject(json), Map.of());
    }

    @Test
    void readsEveryFieldOfTheGuide() {
        ServerEntry server = parse(GUIDE).server("oauth-protected").orElseThrow();
        assertThat(server.transport()).isEqualTo(TransportKind.STDIO);
        assertThat(server.command()).containsExactly("./gatehouse", "mcp", "--auth-server", "http://localhost:9000");
        assertThat(server.environment()).isEqualTo(Map.of("MCP_ACCESS_TOKEN", ""));
        OAuthOptions auth = server.auth();
        assertThat(auth.authorizationUrl()).isEqualTo("http://localhost:9000/oauth/authorize");
        assertThat(auth.tokenUrl()).isEqualTo("http://localhost:9000/oauth/token");
        assertThat(auth.clientId()).isEqualTo("mcp-test-client");
        assertThat(auth.clientSecret()).isEqualTo("mcp-test-secret");
        assertThat(auth.scope()).isEqualTo("mcp:read mcp:write");
        assertThat(auth.isOutOfBand()).isTrue();
        assertThat(auth.grant()).isEqualTo(OAuthOptions.GrantKind.AUTHORIZATION_CODE);
    }

    @Test
    void readsTheShapeOfMcpHostsAndSkipsTheirOwnKeys() {
        McpConfig config = parse("""
            {"mcpServers": {
              "everything": {"command": "npx", "args": ["-y", "server"], "env": {"A": "b"}, "disabled": false, "autoApprove": []},
              "remote": {"type": "streamable-http", "url": "https://mcp.example.com/mcp", "headers": {"X-Tenant": "a"}}}}
            """);
        ServerEntry everything = config.server("everything").orElseThrow();
        assertThat(everything.command()).containsExactly("npx", "-y", "server");
        assertThat(everything.auth()).isNull();
        ServerEntry remote = config.server("remote").orElseThrow();
        assertThat(remote.transport()).isEqualTo(TransportKind.HTTP);
        assertThat(remote.url()).isEqualTo(URI.create("https://mcp.example.com/mcp"));
        assertThat(remote.headers()).isEqualTo(Map.of("X-Tenant", "a"));
        assertThat(remote.auth()).isEqualTo(OAuthOptions.DISCOVERED);
    }

    @Test
    void takesNoPartInAuthorizationWhereAHeaderOrTheUserSaysSo() {
        List<ServerEntry> servers = parse("""
            {"servers": [{"name": "a", "url": "https://a.example/mcp", "headers": {"authorization": "Bearer x"}},
              {"name": "b", "url": "https://b.example/mcp", "auth": {"type": "none"}}]}
            """).servers();
        assertThat(servers).extracting(ServerEntry::auth).containsExactly(null, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'servers': [{'name': 'a', 'transport': 'pigeon', 'url': 'http://a'}]} | servers[0].transport",
        "{'servers': [{'name': 'a', 'url': 'http://a', 'auth': {'clientid': 'x'}}]} | servers[0].auth.clientid",
        "{'servers': [{'name': 'a', 'url': 'http://a', 'auth': {'client_id': 7}}]} | servers[0].auth.client_id",
        "{'servers': [{'name': 'a', 'url': 'http://a', 'urls': 'http://b'}]} | servers[0].urls",
        "{'servers': [{'url': 'http://a'}]} | servers[0]",
        "{'servers': [{'name': 'a', 'transport': 'stdio'}]} | servers[0].command",
        "{'servers': [{'name': 'a', 'transport': 'http'}]} | servers[0].url",
        "{'servers': [{'name': 'a', 'url': 'mcp.example.com'}]} | servers[0].url: expected an http or https URL",
        "{'servers': [{'name': 'a', 'url': 'http://a', 'auth': {'authorization_url': 'http://b'}}]} | servers[0].auth.token_url",
        "{'servers': [{'name': 'a', 'url': 'http://a', 'auth': {'grant': 'jwt_bearer'}}]} | servers[0].auth.assertion",
        "{'mcpServers': {'a': {'command': 7}}} | mcpServers.a.command",
        "{'mcpServers': {'a': {'command': 'x', 'env': {'A': 7}}}} | mcpServers.a.env",
        "{'servers': [{'name': 'a', 'url': 'http://a', 'headers': {'A': '${MISSING_VARIABLE}'}}]} | servers[0].headers.A",
        "{'servers': [{'name': 'a', 'url': 'http://a'}, {'name': 'a', 'url': 'http://b'}]} | the name a"})
    void namesThePathOfAWrongKey(String json, String path) {
        assertThatThrownBy(() -> parse(json.replace('\'', '"'))).isInstanceOf(StartupException.class).hasMessageContaining(path);
    }

    @Test
    void takesTheNamedFileElseThatOfTheWorkingDirectoryElseThatOfTheDataHome(@TempDir Path directory) throws IOException {
        Path named = write(directory.resolve("named.json"), "named");
        Path working = Files.createDirectory(directory.resolve("working"));
        Path home = Files.createDirectory(directory.resolve("home"));
        write(home.resolve(McpConfig.FILE), "of the home");
        Map<String, String> environment = Map.of("GATEHOUSE_HOME", home.toString());
        assertThat(McpConfig.load(null, working, environment).servers()).extracting(ServerEntry::name).containsExactly("of the home");
        write(working.resolve(McpConfig.FILE), "of the directory");
        assertThat(McpConfig.load(null, working, environment).servers()).extracting(ServerEntry::name).containsExactly("of the directory");
        assertThat(McpConfig.load(named, working, environment).servers()).extracting(ServerEntry::name).containsExactly("named");
        assertThat(McpConfig.load(null, directory, Map.of("GATEHOUSE_HOME", directory.toString())).servers()).isEmpty();
        assertThatThrownBy(() -> McpConfig.load(directory.resolve("absent.json"), working, environment)).hasMessageContaining("absent.json");
    }

    private static Path write(Path file, String name) throws IOException {
        return Files.writeString(file, new JsonObject("{\"servers\": [{\"url\": \"http://localhost/mcp\"}]}").encode()
            .replace("{\"url\"", "{\"name\": \"" + name + "\", \"url\""));
    }
}
