package dev.gatehouse.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of a server process.
 *
 * @param live     bytes of its reachable objects; what a collector calls used also has the buffers from which threads allocate
 * @param resident bytes of memory that the operating system has given it
 */
public record ServerMemory(long live, long resident) {
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** Measures a process by its identifier, after a full garbage collection. */
    public static ServerMemory of(long pid) {
        String objects = jcmd(pid, "GC.class_histogram");
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/status"));
            return new ServerMemory(sum(TOTAL, objects), sum(RESIDENT, status) * 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sum(Pattern number, String text) {
        long sum = 0;
        for (Matcher matcher = number.matcher(text); matcher.find();) {
            sum += Long.parseLong(matcher.group(1));
        }
        return sum;
    }

    private static String jcmd(long pid, String command) {
        try {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(pid), command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
