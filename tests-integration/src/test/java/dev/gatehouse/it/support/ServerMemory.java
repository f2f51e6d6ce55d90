package dev.gatehouse.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server process holds.
 *
 * @param live     bytes of its heap that are reachable: those in use behind a full collection
 * @param resident bytes of memory that the operating system has given it
 */
public record ServerMemory(long live, long resident) {
    private static final Pattern USED = Pattern.compile("(?:generation|heap|DefNew|Tenured).*?used (\\d+)K");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** Of the process with this number, which does a full collection first. */
    public static ServerMemory of(long pid) {
        jcmd(pid, "GC.run");
        String heap = jcmd(pid, "GC.heap_info");
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/status"));
            return new ServerMemory(sum(USED, heap), sum(RESIDENT, status));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sum(Pattern kilobytes, String text) {
        long sum = 0;
        for (Matcher matcher = kilobytes.matcher(text); matcher.find();) {
            sum += Long.parseLong(matcher.group(1)) * 1024;
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
