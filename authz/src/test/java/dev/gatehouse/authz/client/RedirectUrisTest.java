package dev.gatehouse.authz.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

final class RedirectUrisTest {

    private static final List<String> REGISTERED = List.of("https://app.example.com/cb", "https://app.example.com/q?a=b",
        "http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/callback", "http://localhost:3000/fixed?a=b",
        "com.example.app:/cb", RedirectUris.OUT_OF_BAND);

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com/cb", "https://app.example.com/q?a=b", "com.example.app:/cb",
        "urn:ietf:wg:oauth:2.0:oob", "http://127.0.0.1/cb", "http://127.0.0.1:49152/cb", "http://127.0.0.1:1/cb",
        "http://127.0.0.1:65535/cb", "http://[::1]:49152/cb", "http://localhost:51999/callback",
        "http://localhost/fixed?a=b", "http://localhost:4000/fixed?a=b"})
    void registeredUriMatches(String sent) {
        assertThat(RedirectUris.match(REGISTERED, sent, true)).hasValueSatisfying(found -> assertThat(found.uri()).isEqualTo(sent));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com/cb?x=1", "https://app.example.com/cb/x", "https://app.example.com/cb/",
        "https://app.example.com/CB", "https://app.example.com/x/%2e%2e/cb", "https://app.example.com/..;/cb",
        "https://app.example.com\\cb", "https://app.example.com/cb#f", "https://app.example.com:443/cb",
        "https://app.example.com:8443/cb", "https://sub.app.example.com/cb", "http://app.example.com/cb",
        "https://app.example.com@evil.test/cb", "https://app.example.com/q?a=c", "https://app.example.com/q",
        "http://127.0.0.1:0/cb", "http://127.0.0.1:65536/cb", "http://127.0.0.1:099/cb", "http://127.0.0.1:/cb",
        "http://127.0.0.1:49152/other", "http://127.0.0.1:49152/cb?x=1", "http://127.0.0.2:49152/cb",
        "http://127.0.0.1.evil.test/cb", "http://127.0.0.1:49152@evil.test/cb", "https://127.0.0.1:49152/cb",
        "http://localhost:49152/cb", "http://localhost.evil.test/callback", "http://localhost@evil.test/callback",
        "http://LOCALHOST:51999/callback", "com.example.app:/cb2", "com.example.app:/cb?x", "COM.example.app:/cb",
        "urn:ietf:wg:oauth:2.0:oob:auto", "javascript:alert(1)", "", " https://app.example.com/cb"})
    void anyOtherUriDoesNot(String sent) {
        assertThat(RedirectUris.match(REGISTERED, sent, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript:alert(1)", "data:text/html,x"})
    void dangerousUriIsRefusedEvenIfItWereRegistered(String uri) {
        assertThat(RedirectUris.match(List.of(uri), uri, true)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"https://app.example.com/cb, app.example.com", "https://app.example.com:8443/cb, app.example.com:8443",
        "http://127.0.0.1:1/cb, 127.0.0.1:1", "com.example.app:/cb, com.example.app:",
        "cursor://anysphere.cursor-mcp/cb, cursor://anysphere.cursor-mcp", "evil://claude.ai/cb, evil://claude.ai"})
    void placeThatPeopleAreShownIsAHostOnlyOnTheWeb(String uri, String shown) {
        assertThat(RedirectUris.destination(uri)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"smb://a.b/share", "ssh://a.b/x", "ldap://a.b/x", "ms-msdt://a.b/x", "ms-word.x:/y",
        "microsoft.windows.camera:/callback", "com.apple.tv:/callback"})
    void schemeOfTheOperatingSystemsOwnProgramsIsRefused(String uri) {
        assertThat(RedirectUris.refusal(uri, Set.of())).isPresent();
        assertThat(RedirectUris.refusal("cursor://anysphere.cursor-mcp/oauth/callback", Set.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com/cb", "https://app.example.com/cb?tenant=1", "http://127.0.0.1/cb",
        "http://localhost:3000/callback", "http://[::1]:8080/", "com.example.app:/cb", "com.example.app://callback/x",
        "urn:ietf:wg:oauth:2.0:oob"})
    void fitUriCanBeRegistered(String uri) {
        assertThat(RedirectUris.refusal(uri, Set.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "javascript:alert(1) | javascript:", "JaVaScRiPt:alert(1) | javascript:", "data:text/html,x | data:",
        "vbscript:x | vbscript:", "file:///etc/passwd | file:", "blob:https://x/1 | blob:",
        "http://app.example.com/cb | Plain http", "http://localhost.evil.test/cb | Plain http", "/cb | not absolute",
        "https://app.example.com/cb#f | fragment", "https://*.example.com/cb | wildcard", "https://app.example.com/* | wildcard",
        "https://user@app.example.com/cb | user name", "https:///cb | ''", "myapp:/cb | reverse", "com.example.app:cb | reverse",
        "Com.Example:/cb | reverse", "https://app.example.com/a/../cb | dot segment", "https://app.example.com/a/%2E%2e/cb | dot segment",
        "https://app.example.com/cb?state=1 | code, state", "https://app.example.com\\cb | Percent-encode",
        "https://app.example.com/é | percent-encode", "http://localhost:99999/cb | port", "https://app.example.com:65536/cb | port"})
    void unfitUriIsRefusedInWords(String uri, String hint) {
        assertThat(RedirectUris.refusal(uri, Set.of())).hasValueSatisfying(reason -> assertThat(reason).contains(hint));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cursor://anysphere.cursor-mcp/oauth/callback", "cursor://anysphere.cursor-retrieval/oauth/user-notes/callback",
        "vscode://saoudrizwan.claude-dev/mcp-auth/callback/5f2c", "vscode-insiders://saoudrizwan.claude-dev/mcp-auth/callback/5f2c",
        "windsurf://texra-ai.texra/auth-callback", "jetbrains://gateway/oauth/callback", "jetbrains://idea/ai.kilocode.jetbrains.oauth",
        "claude://claude.ai/mcp-auth-callback/sdk", "warp://mcp/oauth2callback", "com.raycast:/oauth?package_name=Extension",
        "raycast://oauth?package_name=Extension", "codex://connector/oauth_callback", "grokbot://mcp/oauth/callback", "zed://mcp/oauth/callback",
        "goose://oauth/callback", "kiro://kiro.kiroAgent/oauth/callback"})
    void callbackOfAnEditorOrHostThatIsKnownCanBeRegistered(String uri) {
        assertThat(RedirectUris.refusal(uri, Set.of())).isEmpty();
        assertThat(RedirectUris.match(List.of(uri), uri, false)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vscode://vscode.git/clone", "vscode://vscode.git/clone/oauth/callback", "cursor://vscode.git/clone",
        "vscode://file/oauth/callback", "vscode://vscode-remote/ssh-remote+host/auth", "vscode:extension/a.b", "vscode:mcp/install",
        "cursor://anysphere.cursor-deeplink/mcp/install", "cursor://anysphere.cursor-deeplink/oauth/callback",
        "jetbrains://idea/checkout/git", "zed://file/etc/passwd", "claude://claude.ai/new", "warp://action/new_tab",
        "vscode://vscode.git/clone?url=https://evil.example/oauth/callback", "vscode://vscode%2egit/clone/callback",
        "vscode://vscode%2Egit/oauth/callback", "vscode://%66ile/oauth/callback", "cursor://anysphere%2Ecursor-deeplink/oauth/callback",
        "VSCODE://vscode.git/oauth/callback", "warp://action/new_tab/callback", "raycast://extensions/author/extension/oauth",
        "raycast://script-commands/callback", "goose://recipe/callback?config=x", "lmstudio://add_mcp/callback?config=x",
        "zed://ssh/host/callback", "claude://claude.ai/new/callback?q=x", "cherrystudio://mcp/install/callback?servers=x", "jetbrains://idea/checkout/oauth", "jetbrains://idea/navigate/callback"})
    void commandOfAnEditorIsRefusedEvenIfItWereRegistered(String uri) {
        assertThat(RedirectUris.refusal(uri, Set.of())).isPresent();
        assertThat(RedirectUris.match(List.of(uri), uri, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"googlechrome://evil.example/callback", "itms-services://a.b/x", "zoommtg://zoom.us/join", "jdbc:mysql://a.b/x",
        "market://details/x", "x-apple.systempreferences:/callback", "steam://run/1", "slack://channel/x", "evil://claude.ai/oauth/callback",
        "foo.:/cb", ".com.app:/cb", "com..app:/cb", "a.b:/cb", "com.app-:/cb", "9.app:/cb"})
    void schemeThatIsNotKnownIsRefused(String uri) {
        assertThat(RedirectUris.refusal(uri, Set.of())).isPresent();
    }

    @Test
    void errorSaysWhatBecomesOfASchemeThatIsNotKnownAndOperatorsMayNameIt() {
        assertThat(RedirectUris.refusal("myapp://callback", Set.of())).hasValueSatisfying(reason ->
            assertThat(reason).contains("myapp:", "com.example.app:/callback", "registration.redirectSchemes"));
        assertThat(RedirectUris.refusal("myapp://callback", Set.of("myapp"))).isEmpty();
        assertThat(RedirectUris.refusal("myapp:/callback", Set.of("myapp"))).isEmpty();
        assertThat(RedirectUris.refusal("myapp:callback", Set.of("myapp"))).isPresent();
        assertThat(RedirectUris.refusal("javascript:/callback", Set.of("javascript"))).as("whatever an operator names").isPresent();
        assertThat(RedirectUris.refusal("vscode://vscode.git/clone", Set.of("vscode"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:33418, http://127.0.0.1:33418/", "http://127.0.0.1:33418/, http://127.0.0.1:33418",
        "http://localhost, http://localhost:51999/", "http://[::1]:1/, http://[::1]:2", "http://127.0.0.1?a=b, http://127.0.0.1:9/?a=b",
        "https://app.example.com, https://app.example.com/"})
    void emptyPathIsThePathOfASlash(String registered, String sent) {
        assertThat(RedirectUris.match(List.of(registered), sent, false)).hasValueSatisfying(found -> assertThat(found.uri()).isEqualTo(sent));
        assertThat(RedirectUris.match(List.of(registered), sent + "x", false)).isEmpty();
        assertThat(RedirectUris.match(List.of(registered), sent.replaceFirst("/?(\\?|$)", "//$1"), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\tjavascript:alert(1)", " https://app.example.com/cb", "https://app.example.com/cb\n", ""})
    void whitespaceAndNothingAreRefused(String uri) {
        assertThat(RedirectUris.refusal(uri, Set.of())).isPresent();
    }
}
