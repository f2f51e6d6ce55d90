package dev.gatehouse.it.bench;

import dev.gatehouse.it.support.Product;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Draws curves over a logarithmic axis as an SVG image, which is readable on light and on dark pages. */
final class Curves {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 380;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final int LINES = 4;
    /** The width of the name of the axis, and of the line of a curve behind it. */
    private static final int LEGEND = 190;
    private static final String[] DASHES = {"", "7 4", "2 4"};
    private static final String STYLE = """
        <style>
          text { font: 13px sans-serif; fill: #1f2328; }
          .title { font-weight: bold; }
          .grid { stroke: #8c959f; stroke-width: 0.5; }
          .curve { fill: none; stroke: #0969da; stroke-width: 2.5; }
          .dot { fill: #0969da; }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; }
            .curve { stroke: #58a6ff; }
            .dot { fill: #58a6ff; }
          }
        </style>
        """;

    private Curves() {
    }

    /** A curve by its name. @param points each a place on the logarithmic axis and a value */
    record Curve(String name, List<double[]> points) {
    }

    static Curve curve(String name, List<double[]> points) {
        return new Curve(name, points);
    }

    /** Writes an image to the directory of the documentation. */
    static void write(String file, String title, String axis, Curve... curves) throws IOException {
        Path image = Product.ROOT.resolve("docs/images").resolve(file + ".svg");
        Files.writeString(image, draw(title, axis, curves));
        System.out.println("written: " + Product.ROOT.relativize(image));
    }

    static String draw(String title, String axis, Curve... curves) {
        double first = Arrays.stream(curves).flatMap(curve -> curve.points().stream()).mapToDouble(point -> point[0]).min().orElseThrow();
        double last = Arrays.stream(curves).flatMap(curve -> curve.points().stream()).mapToDouble(point -> point[0]).max().orElseThrow();
        double most = rounded(Arrays.stream(curves).flatMap(curve -> curve.points().stream()).mapToDouble(point -> point[1]).max().orElseThrow());
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n", WIDTH, HEIGHT, title)).append(STYLE);
        text(svg, LEFT, TOP - 28, "title", title);
        for (int line = 0; line <= LINES; line++) {
            double value = most * line / LINES;
            double y = y(value, most);
            svg.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>%n", LEFT, y, WIDTH - RIGHT, y));
            svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n", LEFT - 8, y + 4, number(value)));
        }
        for (double place : Arrays.stream(curves).flatMap(curve -> curve.points().stream()).mapToDouble(point -> point[0]).distinct().sorted().toArray()) {
            svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n", x(place, first, last),
                HEIGHT - BOTTOM + 20, number(place)));
        }
        text(svg, LEFT, HEIGHT - BOTTOM + 44, "axis", axis);
        for (int i = 0; i < curves.length; i++) {
            draw(svg, curves[i], i, LEFT + LEGEND + i * (WIDTH - LEFT - LEGEND) / curves.length, first, last, most);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Curve curve, int index, int legend, double first, double last, double most) {
        String dash = DASHES[index % DASHES.length];
        StringBuilder path = new StringBuilder();
        for (double[] point : curve.points()) {
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : " L", x(point[0], first, last), y(point[1], most)));
            svg.append(String.format(Locale.ROOT, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>%n", x(point[0], first, last), y(point[1], most)));
        }
        svg.append(String.format(Locale.ROOT, "<path class=\"curve\" stroke-dasharray=\"%s\" d=\"%s\"/>%n", dash, path));
        svg.append(String.format(Locale.ROOT, "<path class=\"curve\" stroke-dasharray=\"%s\" d=\"M%d %d L%d %d\"/>%n", dash, legend - 34, HEIGHT - BOTTOM + 40,
            legend - 6, HEIGHT - BOTTOM + 40));
        text(svg, legend, HEIGHT - BOTTOM + 44, "name", curve.name());
    }

    private static void text(StringBuilder svg, int x, int y, String kind, String text) {
        svg.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n", kind, x, y, text));
    }

    private static double x(double place, double first, double last) {
        double share = last > first ? Math.log(place / first) / Math.log(last / first) : 0.5;
        return LEFT + 20 + share * (WIDTH - LEFT - RIGHT - 50);
    }

    private static double y(double value, double most) {
        return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM);
    }

    /** The next number with one digit that is not 0, from 4 on in steps of 4 lines. */
    private static double rounded(double most) {
        double unit = Math.pow(10, Math.floor(Math.log10(most)));
        return Math.ceil(most / unit * 2) / 2 * unit;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 && value != Math.rint(value) ? "%.1f" : "%,.0f", value);
    }
}
