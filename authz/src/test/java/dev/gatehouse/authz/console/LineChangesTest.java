package dev.gatehouse.authz.console;

import dev.gatehouse.authz.console.LineChanges.Line;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class LineChangesTest {

    @Test
    void changedLinesAreMarked() {
        assertThat(LineChanges.between("a\nb\nc\n", "a\nx\nc\nd\n")).containsExactly(new Line(' ', "a"), new Line('−', "b"), new Line('+', "x"), new Line(' ', "c"), new Line('+', "d"));
        assertThat(LineChanges.between("", "a")).containsExactly(new Line('+', "a"));
        assertThat(LineChanges.between("a\nb", "a\nb")).allMatch(line -> line.mark() == ' ');
    }

    @Test
    void eachLineOfBothTextsIsThereOnceInOrder() {
        Random random = new Random(17);
        for (int round = 0; round < 300; round++) {
            String former = text(random, 30);
            String latter = text(random, 30);
            List<Line> lines = LineChanges.between(former, latter);
            assertThat(lines.stream().filter(line -> !line.added()).map(Line::text).toList()).isEqualTo(former.lines().toList());
            assertThat(lines.stream().filter(line -> !line.removed()).map(Line::text).toList()).isEqualTo(latter.lines().toList());
        }
    }

    @Test
    void longTextsAreComparedAtTheirEnds() {
        Random random = new Random(17);
        String former = "begin\n" + text(random, 3_000) + "\nend";
        String latter = "begin\n" + text(random, 3_000) + "\nend";
        List<Line> lines = LineChanges.between(former, latter);
        assertThat(lines.get(0)).isEqualTo(new Line(' ', "begin"));
        assertThat(lines.get(lines.size() - 1)).isEqualTo(new Line(' ', "end"));
        assertThat(lines.stream().filter(line -> !line.added()).map(Line::text).toList()).isEqualTo(former.lines().toList());
    }

    private static String text(Random random, int most) {
        return IntStream.range(0, most / 2 + random.nextInt(most / 2)).mapToObj(i -> "line " + random.nextInt(8)).collect(Collectors.joining("\n"));
    }
}
