package dev.gatehouse.shared.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class ScopeHierarchyTest {

    private final ScopeHierarchy hierarchy = ScopeHierarchy.of(Map.of("admin", List.of("write"), "write", List.of("read", "list"),
        "both", List.of("write", "read")));

    @Test
    void broaderScopeBringsTheNarrowerOnesOverSeveralSteps() {
        assertThat(hierarchy.expand(Scopes.of("admin"))).isEqualTo(Scopes.of("admin", "write", "read", "list"));
        assertThat(hierarchy.expand(Scopes.of("other", "write")).toString()).isEqualTo("other write read list");
        assertThat(hierarchy.impliedBy("both")).as("reached on two ways").containsExactly("write", "read", "list");
    }

    @Test
    void narrowerScopeBringsNothing() {
        assertThat(hierarchy.expand(Scopes.of("read"))).isEqualTo(Scopes.of("read"));
        assertThat(hierarchy.expand(Scopes.NONE)).isEqualTo(Scopes.NONE);
        assertThat(ScopeHierarchy.FLAT.expand(Scopes.of("admin"))).isEqualTo(Scopes.of("admin"));
    }

    @Test
    void circleIsRefusedAndNamed() {
        assertThatThrownBy(() -> ScopeHierarchy.of(Map.of("a", List.of("b"), "b", List.of("a"))))
            .isInstanceOf(IllegalArgumentException.class).hasMessageMatching("a implies b implies a|b implies a implies b");
        assertThatThrownBy(() -> ScopeHierarchy.of(Map.of("a", List.of("a"))))
            .isInstanceOf(IllegalArgumentException.class).hasMessage("a implies a");
    }
}
