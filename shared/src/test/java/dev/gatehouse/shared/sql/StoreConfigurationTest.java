package dev.gatehouse.shared.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.sql.StoreConfiguration.PostgresqlOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class StoreConfigurationTest {

    @TempDir
    Path directory;

    private static PostgresqlOptions section(String passwordFile) {
        return new PostgresqlOptions(List.of(), "section", "role", null, passwordFile, "authz", "verify-full", null, null, null, 16, 10_000, 5, 3);
    }

    private static StoreConfiguration store(String url) {
        return new StoreConfiguration(url, section(null));
    }

    @Test
    void urlOverridesTheSectionAndTheSectionFillsItsGaps() {
        PostgresqlOptions whole = store("postgresql://us%40er:p%3Aw+d@db1:6432,db2/data?sslmode=verify-ca&sslrootcert=/ca.pem").parts();
        assertThat(whole.user()).isEqualTo("us@er");
        assertThat(whole.password()).isEqualTo("p:w+d");
        assertThat(whole.hosts()).containsExactly("db1:6432", "db2:5432");
        assertThat(whole.database()).isEqualTo("data");
        assertThat(whole.tls()).isEqualTo("verify-ca");
        assertThat(whole.caFile()).isEqualTo("/ca.pem");
        PostgresqlOptions gaps = store("postgresql://db").parts();
        assertThat(List.of(gaps.user(), gaps.database(), gaps.tls())).containsExactly("role", "section", "verify-full");
        assertThat(store(null).isPostgresql()).isFalse();
    }

    @Test
    void malformedUrlsAreRejectedWithoutTheirPassword() {
        for (String url : List.of("mysql://u:secret@db/x", "postgresql://u:secret@db/x?sslmode=maybe", "postgresql://u:secret@db/x?options=y")) {
            assertThatThrownBy(() -> store(url).parts()).isInstanceOf(StartupException.class).hasMessageContaining("store.url")
                .hasMessageNotContaining("secret");
        }
        assertThat(store("postgresql://u:secret@db/x").toString() + store("postgresql://u:secret@db/x").parts()).doesNotContain("secret");
    }

    @Test
    void passwordComesFromItsFileWithoutTheLineBreak() throws IOException {
        Files.writeString(directory.resolve("password"), "from file\n");
        DataHome home = DataHome.of(Map.of("GATEHOUSE_HOME", directory.toString()));
        assertThat(new StoreConfiguration("postgresql://db/x", section("password")).password(home)).isEqualTo("from file");
        assertThat(store("postgresql://u:in%20url@db/x").password(home)).isEqualTo("in url");
        assertThatThrownBy(() -> new StoreConfiguration("postgresql://db/x", section("absent")).password(home))
            .isInstanceOf(StartupException.class).hasMessageContaining("store.postgresql.passwordFile");
    }

    @Test
    void productionRejectsAPasswordInTheUrlAndARemoteServerThatIsNotVerified() {
        assertThat(store("postgresql://u@db/x").productionProblems()).isEmpty();
        assertThat(store("postgresql://u:p@db/x").productionProblems()).singleElement().asString().startsWith("store.url must not hold a password");
        assertThat(store("postgresql://u@db/x?sslmode=require").productionProblems()).singleElement().asString().startsWith("store.postgresql.tls");
        assertThat(store("postgresql://u@localhost,127.0.0.1:5433/x?sslmode=disable").productionProblems()).isEmpty();
        assertThat(store("postgresql://u@localhost,db/x?sslmode=disable").productionProblems()).hasSize(1);
        assertThat(store(null).productionProblems()).isEmpty();
    }
}
