import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The jar command as far as build scripts use it: create, list and extract.
 *
 * <p>Unlike the real one it writes the same bytes for the same files: sorted, without times.
 */
public final class Jar {
    private static final String HELP =
            "Usage: jar {c|t|x}f[e] FILE [MAIN-CLASS] [-C DIR] [FILE]...\n"
                    + "       jar --create --file FILE [--main-class NAME] [-C DIR] [FILE]...\n"
                    + "       jar --list --file FILE | jar --extract --file FILE";

    private char action;
    private Path file;
    private String mainClass;
    private final TreeMap<String, Path> members = new TreeMap<>();

    public static void main(String[] arguments) throws IOException {
        Jar jar = new Jar();
        if (!jar.parse(new ArrayList<>(List.of(arguments)))) {
            System.err.println(HELP);
            System.exit(1);
        }
        switch (jar.action) {
            case 'c' -> jar.create();
            case 't' -> jar.list();
            default -> jar.extract();
        }
    }

    private boolean parse(List<String> words) throws IOException {
        if (!words.isEmpty() && words.get(0).matches("-?[ctxvfe0]+")) {
            parseLetters(words);
        }
        Path folder = Path.of("");
        while (!words.isEmpty()) {
            String word = words.remove(0);
            String[] parts = word.startsWith("--") ? word.split("=", 2) : new String[] {word};
            if (parts.length == 2) {
                words.add(0, parts[1]);
            }
            switch (parts[0]) {
                case "--create", "-c" -> action = 'c';
                case "--list", "-t" -> action = 't';
                case "--extract", "-x" -> action = 'x';
                case "--verbose", "-v" -> {}
                case "--file", "-f" -> file = Path.of(words.remove(0));
                case "--main-class", "-e" -> mainClass = words.remove(0);
                case "-C" -> folder = Path.of(words.remove(0));
                default -> {
                    add(folder, Path.of(word));
                    folder = Path.of("");
                }
            }
        }
        return action != 0 && file != null;
    }

    private void parseLetters(List<String> words) {
        for (char letter : words.remove(0).toCharArray()) {
            switch (letter) {
                case 'c', 't', 'x' -> action = letter;
                case 'f' -> file = Path.of(words.remove(0));
                case 'e' -> mainClass = words.remove(0);
                default -> {}
            }
        }
    }

    private void add(Path folder, Path member) throws IOException {
        Path start = folder.resolve(member);
        try (Stream<Path> found = Files.walk(start)) {
            for (Path path : found.filter(Files::isRegularFile).toList()) {
                String name = folder.toString().isEmpty()
                        ? path.toString()
                        : folder.relativize(path).normalize().toString();
                members.put(name.replaceFirst("^(\\./)+", ""), path);
            }
        }
    }

    private void create() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (mainClass != null) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        }
        try (OutputStream raw = Files.newOutputStream(file);
                JarOutputStream out = new JarOutputStream(raw)) {
            out.putNextEntry(timeless(JarFile.MANIFEST_NAME));
            manifest.write(out);
            for (var member : members.entrySet()) {
                out.putNextEntry(timeless(member.getKey()));
                Files.copy(member.getValue(), out);
            }
        }
    }

    private static JarEntry timeless(String name) {
        JarEntry entry = new JarEntry(name);
        entry.setTimeLocal(java.time.LocalDateTime.of(2023, 11, 14, 0, 0));
        return entry;
    }

    private void list() throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            jar.stream().forEach(entry -> System.out.println(entry.getName()));
        }
    }

    private void extract() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        try (JarFile jar = new JarFile(file.toFile())) {
            for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                Path target = here.resolve(entry.getName()).normalize();
                if (entry.isDirectory() || !target.startsWith(here)) {
                    continue;
                }
                Files.createDirectories(target.getParent());
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.write(target, in.readAllBytes());
                }
            }
        }
    }
}
