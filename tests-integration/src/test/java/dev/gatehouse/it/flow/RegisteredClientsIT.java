package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;

/** Well-known clients send their real registration requests, a user approves them, and they get tokens (RFC 7591 §3). */
@Gatehouse
final class RegisteredClientsIT {
    private final RunningGatehouse gatehouse;

    RegisteredClientsIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        claude.ai | https://claude.ai/api/mcp/auth_callback | {"client_name": "Claude", "grant_types": ["authorization_code", "refresh_token"], \
        "response_types": ["code"], "token_endpoint_auth_method": "client_secret_post", "scope": "mcp:read mcp:write", \
        "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"]}
        Claude Code | http://localhost:51999/callback | {"client_name": "Claude Code (notes)", "redirect_uris": ["http://localhost:51999/callback"], \
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "token_endpoint_auth_method": "none"}
        VS Code | http://127.0.0.1:33418/ | {"client_name": "Visual Studio Code", "client_uri": "https://code.visualstudio.com", \
        "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"], "response_types": ["code"], \
        "redirect_uris": ["https://insiders.vscode.dev/redirect", "https://vscode.dev/redirect", "http://127.0.0.1/", "http://127.0.0.1:33418/"], \
        "token_endpoint_auth_method": "none", "application_type": "native"}
        ChatGPT | https://chatgpt.com/connector_platform_oauth_redirect | {"client_name": "ChatGPT", \
        "redirect_uris": ["https://chatgpt.com/connector_platform_oauth_redirect"], "grant_types": ["authorization_code", "refresh_token"], \
        "response_types": ["code"], "token_endpoint_auth_method": "none", "contacts": ["support@openai.com"], "policy_uri": "https://openai.com/policies"}
        Cursor | cursor://anysphere.cursor-mcp/oauth/callback | {"client_name": "Cursor", "grant_types": ["authorization_code", "refresh_token"], \
        "response_types": ["code"], "token_endpoint_auth_method": "none", "redirect_uris": ["cursor://anysphere.cursor-mcp/oauth/callback"]}
        Inspector | http://localhost:6274/oauth/callback | {"client_name": "MCP Inspector", "client_uri": "https://github.com/modelcontextprotocol/inspector", \
        "redirect_uris": ["http://localhost:6274/oauth/callback"], "grant_types": ["authorization_code", "refresh_token"], \
        "response_types": ["code"], "token_endpoint_auth_method": "none", "scope": "mcp:read mcp:write"}
        mcp-remote | http://localhost:3334/oauth/callback | {"client_name": "MCP CLI Proxy", "client_uri": "https://github.com/modelcontextprotocol/mcp-cli", \
        "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d", "software_version": "0.1.29", "token_endpoint_auth_method": "none", \
        "redirect_uris": ["http://localhost:3334/oauth/callback"], "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"]}
        """)
    void clientOfTheFieldGetsTokens(String name, String redirectUri, String request) {
        JsonObject sent = new JsonObject(request);
        HttpResponse<String> answer = Http.post(gatehouse.issuer() + "/oauth/register", "application/json", sent.encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonObject registered = new JsonObject(answer.body());
        sent.remove("scope");
        sent.forEach(member -> {
            if (!member.getKey().equals("grant_types")) {
                assertThat(registered.getValue(member.getKey())).as(member.getKey()).isEqualTo(member.getValue());
            }
        });
        String secret = registered.getString("client_secret");
        OAuthClient client = new OAuthClient(gatehouse.issuer(), registered.getString("client_id"), null, redirectUri);
        Pkce pkce = Pkce.fresh();
        String code = gatehouse.journey().code(client, pkce, "resource", gatehouse.mcp());
        HttpResponse<String> redeemed = client.redeem(code, pkce, "client_secret", secret);
        assertThat(redeemed.statusCode()).as(redeemed.body()).isEqualTo(200);
        Tokens tokens = Tokens.of(redeemed.body());
        assertThat(gatehouse.active(tokens.access())).isTrue();
        assertThat(tokens.refresh()).isNotNull();
    }
}
