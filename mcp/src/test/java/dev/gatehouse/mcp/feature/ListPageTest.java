package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

final class ListPageTest {

    @Test
    void aListThatFitsHasOnePage() {
        assertThat(page(members(ListPage.SIZE), null).next()).isNull();
        assertThat(page(List.of(), null)).isEqualTo(new ListPage<>(List.of(), null));
        assertThat(page(members(ListPage.SIZE + 1), null).next()).isNotNull();
    }

    @Test
    void pagesTogetherAreTheListInItsOrder() {
        List<String> all = members(2 * ListPage.SIZE + 50);
        assertThat(walk(all, all)).isEqualTo(all);
    }

    @Test
    void whatComesOrGoesBetweenPagesShiftsNothing() {
        List<String> all = members(ListPage.SIZE + 50);
        List<String> grown = new ArrayList<>(all);
        grown.add(0, "newcomer");
        assertThat(walk(all, grown)).isEqualTo(all);
        List<String> shrunk = new ArrayList<>(all);
        shrunk.remove(3);
        assertThat(walk(all, shrunk)).isEqualTo(all);
        List<String> withoutTheLastOneTold = new ArrayList<>(all);
        withoutTheLastOneTold.remove(ListPage.SIZE - 1);
        assertThat(walk(all, withoutTheLastOneTold)).hasSize(all.size() - 1).doesNotHaveDuplicates();
    }

    @Test
    void aListThatHasBecomeShorterThanTheCursorsPlaceEnds() {
        String cursor = page(members(ListPage.SIZE + 1), null).next();
        assertThat(page(members(2), cursor)).isEqualTo(new ListPage<>(List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "%%%", "MTAw"})
    void aCursorOfSomebodyElseIsRefused(String cursor) {
        assertThatThrownBy(() -> page(members(200), cursor)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("cursor");
        assertThatThrownBy(() -> page(members(200), encoded("-1:m0"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(page(members(200), encoded("1:m0")).members()).first().isEqualTo("m1");
    }

    /** The first page of one list, then the others of another. */
    private static List<String> walk(List<String> first, List<String> later) {
        ListPage<String> page = page(first, null);
        List<String> told = new ArrayList<>(page.members());
        while (page.next() != null) {
            page = page(later, page.next());
            told.addAll(page.members());
        }
        return told;
    }

    private static ListPage<String> page(List<String> all, String cursor) {
        return ListPage.of(all, Function.identity(), cursor);
    }

    private static List<String> members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
