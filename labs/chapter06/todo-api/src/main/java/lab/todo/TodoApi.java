package lab.todo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * todo-api: todos over HTTP, kept in MongoDB; with nothing but the JDK.
 *
 * <pre>
 * GET    /api/todos        all of them
 * POST   /api/todos        {"title": "..."}: adds one
 * PUT    /api/todos/ID     {"done": true}: marks one
 * DELETE /api/todos/ID     removes one
 * GET    /actuator/health  whether the database answers
 * </pre>
 */
public final class TodoApi {
    private static final String PATH = "/api/todos";

    private final Todos todos;

    private TodoApi(Todos todos) {
        this.todos = todos;
    }

    public static void main(String[] arguments) throws IOException {
        Settings settings = Settings.read(System.getenv());
        TodoApi api = new TodoApi(new Todos(new Mongo(settings)));
        HttpServer server = HttpServer.create(new InetSocketAddress(settings.port()), 0);
        server.createContext(PATH, exchange -> serve(exchange, api::answerTodos));
        server.createContext("/actuator/health", exchange -> serve(exchange, api::answerHealth));
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.printf(
                "Started TodoApi on port %d, with MongoDB at %s:%d/%s%n",
                settings.port(), settings.mongoHost(), settings.mongoPort(), settings.database());
    }

    private record Answer(int status, Object body) {}

    private interface Handler {
        Answer answer(HttpExchange exchange) throws IOException;
    }

    private Answer answerTodos(HttpExchange exchange) throws IOException {
        String rest = exchange.getRequestURI().getPath().substring(PATH.length());
        String id = rest.replaceFirst("^/", "");
        String method = exchange.getRequestMethod() + (id.isEmpty() ? "" : " id");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        return switch (method) {
            case "GET" -> new Answer(200, todos.list());
            case "POST" -> add(Json.textField(body, "title"));
            case "PUT id" -> found(
                    todos.mark(new ObjectId(id), !Boolean.FALSE.equals(Json.truthField(body, "done"))));
            case "DELETE id" -> found(todos.remove(new ObjectId(id)));
            case "OPTIONS", "OPTIONS id" -> new Answer(200, Map.of());
            default -> new Answer(405, Map.of("error", "no " + method + " here"));
        };
    }

    private Answer add(String title) throws IOException {
        if (title == null || title.isBlank()) {
            return new Answer(400, Map.of("error", "a todo needs a title"));
        }
        return new Answer(201, todos.add(title));
    }

    private static Answer found(boolean wasThere) {
        return wasThere
                ? new Answer(200, Map.of("done", true))
                : new Answer(404, Map.of("error", "no such todo"));
    }

    private Answer answerHealth(HttpExchange exchange) throws IOException {
        todos.ping();
        return new Answer(200, Map.of("status", "UP"));
    }

    private static void serve(HttpExchange exchange, Handler handler) throws IOException {
        Answer answer;
        try {
            answer = handler.answer(exchange);
        } catch (IllegalArgumentException error) {
            answer = new Answer(400, Map.of("error", String.valueOf(error.getMessage())));
        } catch (IOException | RuntimeException error) {
            System.out.println(exchange.getRequestMethod() + " failed: " + error);
            answer = new Answer(503, Map.of("status", "DOWN", "error", "MongoDB: " + error.getMessage()));
        }
        byte[] bytes = Json.write(answer.body()).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
        exchange.getResponseHeaders().set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
        exchange.getResponseHeaders().set("Access-Control-Allow-Headers", "Content-Type");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
