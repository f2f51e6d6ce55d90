package dev.gatehouse.authz.console;

import java.util.ArrayList;
import java.util.List;

/** The differences between two texts, line by line. */
final class LineChanges {

    /** Longer texts are compared only at their begin and end, because the comparison takes time and memory by the product of both lengths. */
    private static final int MOST_LINES = 1_000;

    private LineChanges() {
    }

    /** A line. @param mark of a line of the former text only −, of the latter only +, and of both a blank */
    record Line(char mark, String text) {

        public boolean added() {
            return mark == '+';
        }

        public boolean removed() {
            return mark == '−';
        }
    }

    /** Returns all lines of both texts, in the order of the longest common subsequence. */
    static List<Line> between(String former, String latter) {
        List<String> one = former.lines().toList();
        List<String> other = latter.lines().toList();
        int begin = 0;
        while (begin < Math.min(one.size(), other.size()) && one.get(begin).equals(other.get(begin))) {
            begin++;
        }
        int end = 0;
        while (end < Math.min(one.size(), other.size()) - begin && one.get(one.size() - 1 - end).equals(other.get(other.size() - 1 - end))) {
            end++;
        }
        List<Line> lines = new ArrayList<>();
        one.subList(0, begin).forEach(line -> lines.add(new Line(' ', line)));
        compare(one.subList(begin, one.size() - end), other.subList(begin, other.size() - end), lines);
        one.subList(one.size() - end, one.size()).forEach(line -> lines.add(new Line(' ', line)));
        return lines;
    }

    private static void compare(List<String> one, List<String> other, List<Line> lines) {
        if (one.size() > MOST_LINES || other.size() > MOST_LINES) {
            one.forEach(line -> lines.add(new Line('−', line)));
            other.forEach(line -> lines.add(new Line('+', line)));
            return;
        }
        int[][] common = common(one, other);
        int i = 0;
        int j = 0;
        while (i < one.size() || j < other.size()) {
            if (i < one.size() && j < other.size() && one.get(i).equals(other.get(j))) {
                lines.add(new Line(' ', one.get(i)));
                i++;
                j++;
            } else if (j == other.size() || i < one.size() && common[i + 1][j] >= common[i][j + 1]) {
                lines.add(new Line('−', one.get(i++)));
            } else {
                lines.add(new Line('+', other.get(j++)));
            }
        }
    }

    /** The lengths of the longest common subsequences of all ends. */
    private static int[][] common(List<String> one, List<String> other) {
        int[][] common = new int[one.size() + 1][other.size() + 1];
        for (int i = one.size() - 1; i >= 0; i--) {
            for (int j = other.size() - 1; j >= 0; j--) {
                common[i][j] = one.get(i).equals(other.get(j)) ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
