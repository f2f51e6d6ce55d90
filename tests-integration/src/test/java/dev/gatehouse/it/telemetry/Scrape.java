package dev.gatehouse.it.telemetry;

import dev.gatehouse.fixtures.Http;


import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The response of {@code /metrics}, parsed as Prometheus does. */
public record Scrape(String text, List<Sample> samples) {

    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (\\w+) (.*)\n# TYPE \\w+ (\\w+)$");
    /** The metrics of the JVM, of Vert.x and of the process. Their projects document them. */
    private static final Pattern OWN = Pattern.compile("gatehouse_\\w+|http_server_\\w+");

    /** One line: a value with its labels. */
    public record Sample(String name, Map<String, String> labels, double value) {
    }

    /** A documented metric. */
    record Family(String name, String type, String labels, String help) {

        String row() {
            return "| `" + name + "` | " + type + " | " + labels + " | " + help + " |";
        }
    }

    /** Gets and parses a page. */
    public static Scrape of(String url) {
        String text = Http.get(url).body();
        List<Sample> samples = new ArrayList<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new AssertionError("not a sample: " + line);
            }
            Map<String, String> labels = new TreeMap<>();
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
            }
            samples.add(new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3))));
        });
        return new Scrape(text, samples);
    }

    /** The sum of all samples with this name and these labels, names and values in turn. */
    public double sum(String name, String... labels) {
        return samples.stream().filter(sample -> sample.name.equals(name)).filter(sample -> {
            for (int i = 0; i < labels.length; i += 2) {
                if (!labels[i + 1].equals(sample.labels.get(labels[i]))) {
                    return false;
                }
            }
            return true;
        }).mapToDouble(Sample::value).sum();
    }

    /** The product's own metrics, in the order of their names. The largest value of a window accompanies each histogram and is left out. */
    List<Family> families() {
        return HELP.matcher(text).results().filter(help -> OWN.matcher(help.group(1)).matches() && !help.group(1).endsWith("_max"))
            .map(help -> new Family(help.group(1), help.group(3), labels(help.group(1)), help.group(2)))
            .sorted(Comparator.comparing(Family::name)).toList();
    }

    private String labels(String family) {
        return samples.stream().filter(sample -> sample.name.startsWith(family)).flatMap(sample -> sample.labels.keySet().stream())
            .filter(label -> !label.equals("le")).collect(Collectors.toCollection(TreeSet::new)).stream().map(label -> "`" + label + "`")
            .collect(Collectors.joining(", "));
    }
}
