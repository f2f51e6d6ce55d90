package dev.gatehouse.client.skill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.transport.CallFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Files of a skill are used only when they are what its entry says. */
final class SkillTest {

    private static final String URI = "skill://acme/refunds/SKILL.md";
    private static final String FORM = "skill://acme/refunds/references/form.md";
    private static final String TEXT = """
        ---
        name: refunds
        description: "Process: refunds"
        metadata:
          version: 2.0
          tags: [a, b]
        ---

        Body with --- in it.
        """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject file(String uri, String content) throws Exception {
        String digest = "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(content)));
        return new JsonObject().put("uri", uri).put("digest", digest).put("size", bytes(content).length);
    }

    private static JsonObject frontmatter() {
        return new JsonObject().put("name", "refunds").put("description", "Process: refunds")
            .put("metadata", new JsonObject().put("version", 2).put("tags", JsonArray.of("a", "b")));
    }

    private static Skill skill(String text, JsonObject frontmatter) throws Exception {
        return Skill.of(new JsonObject().put("uri", URI).put("frontmatter", frontmatter).put("resources", JsonArray.of(file(URI, text), file(FORM, "A form")))).orElseThrow();
    }

    @Test
    void filesThatAreWhatTheEntrySaysAreUsed() throws Exception {
        Skill skill = skill(TEXT, frontmatter());
        assertThat(skill.verifiedText(bytes(TEXT))).isEqualTo(TEXT);
        assertThat(skill.verified(FORM, bytes("A form"))).isEqualTo(bytes("A form"));
        String windows = TEXT.replace("\n", "\r\n");
        assertThat(skill(windows, frontmatter()).verifiedText(bytes(windows))).isEqualTo(windows);
    }

    @Test
    void contentOfAnotherDigestOrSizeIsNotUsed() throws Exception {
        Skill skill = skill(TEXT, frontmatter());
        assertThatThrownBy(() -> skill.verifiedText(bytes(TEXT.replace("Body", "Evil")))).isInstanceOf(CallFailure.class).hasMessageContaining("digest");
        assertThatThrownBy(() -> skill.verifiedText(bytes(TEXT + "more"))).isInstanceOf(CallFailure.class).hasMessageContaining("size");
        assertThatThrownBy(() -> skill.verified("skill://acme/refunds/other.md", bytes("x"))).isInstanceOf(CallFailure.class).hasMessageContaining("does not list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"description: Another", "license: MIT", "metadata: 1", "allowed-tools: Bash"})
    void frontmatterOfAnotherContentIsNotUsed(String line) throws Exception {
        String text = line.startsWith("description") ? TEXT.replace("description: \"Process: refunds\"", line)
            : line.startsWith("metadata") ? TEXT.replaceAll("(?s)metadata:.*?---", line + "\n---") : TEXT.replace("name: refunds", "name: refunds\n" + line);
        Skill skill = skill(text, frontmatter());
        assertThatThrownBy(() -> skill.verifiedText(bytes(text))).isInstanceOf(CallFailure.class).hasMessageContaining("frontmatter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"No frontmatter", "---\nname: [\n---\n", "---\nname: refunds\n", ""})
    void aFileWithoutReadableFrontmatterIsNotUsed(String text) throws Exception {
        Skill skill = skill(text, frontmatter());
        assertThatThrownBy(() -> skill.verifiedText(bytes(text))).isInstanceOf(CallFailure.class).hasMessageContaining("frontmatter");
    }

    @Test
    void aSkillOfAnotherNameThanItsDirectoryIsNotUsed() throws Exception {
        String text = TEXT.replace("name: refunds", "name: payments");
        Skill skill = skill(text, frontmatter().put("name", "payments"));
        assertThatThrownBy(() -> skill.verifiedText(bytes(text))).isInstanceOf(CallFailure.class).hasMessageContaining("name of the skill");
    }

    @Test
    void anEntryWithoutDigestsIsNone() {
        JsonObject entry = new JsonObject().put("uri", URI).put("frontmatter", frontmatter());
        assertThat(Skill.of(entry)).isEmpty();
        assertThat(Skill.of(entry.copy().put("resources", JsonArray.of(new JsonObject().put("uri", URI))))).isEmpty();
        assertThat(Skill.of("text")).isEmpty();
    }
}
