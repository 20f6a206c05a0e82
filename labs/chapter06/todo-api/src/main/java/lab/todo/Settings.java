package lab.todo;

import java.net.URI;
import java.util.Map;

/** Where the service listens and where its database is, by Spring Boot's variables. */
record Settings(
        int port,
        String mongoHost,
        int mongoPort,
        String database,
        String user,
        String password,
        String loginDatabase) {

    static Settings read(Map<String, String> environment) {
        int port = Integer.parseInt(environment.getOrDefault("SERVER_PORT", "8080"));
        String uri = environment.get("SPRING_DATA_MONGODB_URI");
        return uri == null ? fromParts(port, environment) : fromUri(port, URI.create(uri));
    }

    boolean hasLogin() {
        return user != null && !user.isEmpty();
    }

    private static Settings fromParts(int port, Map<String, String> environment) {
        String prefix = "SPRING_DATA_MONGODB_";
        return new Settings(
                port,
                environment.getOrDefault(prefix + "HOST", "localhost"),
                Integer.parseInt(environment.getOrDefault(prefix + "PORT", "27017")),
                environment.getOrDefault(prefix + "DATABASE", "todos"),
                environment.get(prefix + "USERNAME"),
                environment.getOrDefault(prefix + "PASSWORD", ""),
                environment.getOrDefault(prefix + "AUTHENTICATION_DATABASE", "admin"));
    }

    private static Settings fromUri(int port, URI uri) {
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        String query = uri.getQuery() == null ? "" : uri.getQuery();
        String login = uri.getUserInfo();
        String[] parts = login == null ? new String[] {null, ""} : (login + ":").split(":", 3);
        return new Settings(
                port,
                uri.getHost(),
                uri.getPort() < 0 ? 27017 : uri.getPort(),
                path.isEmpty() ? "todos" : path,
                parts[0],
                parts[1],
                query.startsWith("authSource=") ? query.substring(11) : "admin");
    }
}
