package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.user.RoleStore.Role;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** The table of operations is what the documentation says. */
class OperationTest {

    @Test
    void documentationHasTheTableOfOperationsAndRoles() throws IOException {
        String page = Files.readString(Path.of("../docs/admin.md"));
        String table = Arrays.stream(Operation.values()).map(OperationTest::row).collect(Collectors.joining("\n"));
        assertThat(page).contains("| Operation | Owner | Operator | Auditor | Help desk | |\n|---|---|---|---|---|---|\n" + table + "\n");
    }

    private static String row(Operation operation) {
        return "| `" + operation.method() + " " + operation.path() + "` | " + Arrays.stream(Role.values()).map(role -> operation.isFor(role) ? "yes" : "")
            .collect(Collectors.joining(" | ")) + " | " + operation.summary() + " |";
    }

    @Test
    void auditorsWriteNothingAndOwnersMayDoEverything() {
        assertThat(Operation.values()).allMatch(operation -> operation.isFor(Role.OWNER)).noneMatch(operation -> operation.isWrite() && operation.isFor(Role.AUDITOR));
    }

    @Test
    void eachOperationHasAPathAndAnIdentifierOfItsOwn() {
        Set<String> seen = new HashSet<>();
        for (Operation operation : Operation.values()) {
            assertThat(seen.add(operation.method() + operation.path().replaceAll("\\{[^}]*}", "*"))).as(operation.path()).isTrue();
            assertThat(seen.add(operation.id())).isTrue();
            assertThat(List.of("GET", "POST").contains(operation.method()) || operation.isWrite()).isTrue();
        }
    }
}
