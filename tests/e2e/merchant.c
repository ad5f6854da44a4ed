/* A merchant that uses all three gateways over HTTP. Prints one line per step: step, tab, result. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <curl/curl.h>
#include <kyso.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char INFO[] = "Đơn hàng #2 & quà + 100%";

/* The merchant's own record: what each order or transfer should be worth. */
static const struct {
    const char *order, *amount;
} ORDERS[] = {{"DH-1001", "150000"}, {"DH-1002", "200000"}, {"DH-1003", "350000"},
              {"HD-1", "90000"},     {"NAP-1", "120000"},   {"RUT-2", "50000"},
              {"RUT-3", "70000"}};

static kyso_client *tconnect, *hpay, *appotapay;

static void *failed(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* Texts and results are kept to the end of this short program. */
static struct kept {
    struct kept *next;
    char *text;
    kyso_result *result;
} *all_kept;
static pthread_mutex_t keeping = PTHREAD_MUTEX_INITIALIZER;

static void keep(char *text, kyso_result *result) {
    struct kept *one = malloc(sizeof *one);
    if (!one) failed("no memory");
    pthread_mutex_lock(&keeping);
    *one = (struct kept){all_kept, text, result};
    all_kept = one;
    pthread_mutex_unlock(&keeping);
}

static void free_kept(void) {
    while (all_kept) {
        struct kept *next = all_kept->next;
        free(all_kept->text);
        kyso_result_free(all_kept->result);
        free(all_kept);
        all_kept = next;
    }
}

static char *format(const char *pattern, ...) {
    char *text = NULL;
    va_list values;
    va_start(values, pattern);
    if (vasprintf(&text, pattern, values) < 0) failed("no memory");
    va_end(values);
    keep(text, NULL);
    return text;
}

static char *replaced(const char *text, const char *from, const char *to) {
    const char *at = strstr(text, from);
    return at ? format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) : format("%s", text);
}

/* kyso */

static void set(kyso_params *params, const char *name, const char *value) {
    kyso_params_set_text(params, name, strlen(name), value, strlen(value));
}

static void set_json(kyso_params *params, const char *name, const char *json) {
    kyso_params_set_json(params, name, strlen(name), json, strlen(json));
}

/* Names and texts in turn, closed by NULL. */
static kyso_params *input(const char *name, ...) {
    kyso_params *params = kyso_params_new();
    va_list values;
    va_start(values, name);
    for (; name; name = va_arg(values, const char *)) set(params, name, va_arg(values, const char *));
    va_end(values);
    return params;
}

static kyso_result *call(const kyso_client *client, const char *operation, kyso_params *params) {
    kyso_result *result = kyso_call_params(client, operation, strlen(operation), params);
    kyso_params_free(params);
    keep(NULL, result);
    return result;
}

static const char *text(const kyso_result *result, const char *pointer) {
    if (!kyso_result_is_ok(result)) failed(kyso_error_message(result, NULL));
    const char *found = kyso_result_text(result, pointer, strlen(pointer), NULL);
    return found ? found : "absent";
}

static const char *yes(const kyso_result *result, const char *pointer) {
    bool value = false;
    return kyso_result_bool(result, pointer, strlen(pointer), &value) && value ? "yes" : "no";
}

static kyso_client *client(const char *gateway, kyso_params *config) {
    kyso_client *made = NULL;
    kyso_result *result = kyso_client_new_params(gateway, strlen(gateway), config, &made);
    if (!kyso_result_is_ok(result)) failed(kyso_error_message(result, NULL));
    kyso_result_free(result);
    kyso_params_free(config);
    return made;
}

/* What is printed */

static void show(const char *step, const char *result) { printf("%s\t%s\n", step, result); }

static void refused(const char *step, const kyso_result *result) {
    if (kyso_result_is_ok(result)) return show(step, "ACCEPTED: this must not happen");
    const char *parts[] = {kyso_error_field(result, NULL), kyso_error_gateway_code(result, NULL),
                           kyso_error_outcome(result, NULL), kyso_error_next_operation(result, NULL)};
    char *line = format("refused: %s", kyso_error_code_name(result, NULL));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i]) line = format("%s %s", line, parts[i]);
    show(step, line);
}

/* HTTP */

struct page {
    char *text;
    size_t length;
    long status;
};

static size_t receive(char *data, size_t size, size_t count, void *to) {
    struct page *page = to;
    char *grown = realloc(page->text, page->length + size * count + 1);
    if (!grown) return 0;
    memcpy(grown + page->length, data, size * count);
    page->text = grown;
    page->length += size * count;
    page->text[page->length] = 0;
    return size * count;
}

static struct page transfer(const char *method, const char *url, struct curl_slist *headers, const char *body) {
    struct page page = {calloc(1, 1), 0, 0};
    CURL *http = curl_easy_init();
    if (!http || !page.text) failed("no memory");
    curl_easy_setopt(http, CURLOPT_URL, url);
    curl_easy_setopt(http, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(http, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(http, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(http, CURLOPT_HTTPHEADER, headers);
    if (body) curl_easy_setopt(http, CURLOPT_POSTFIELDS, body);
    if (strcmp(method, body ? "POST" : "GET") != 0) curl_easy_setopt(http, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(http, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(http, CURLOPT_WRITEDATA, &page);
    CURLcode code = curl_easy_perform(http);
    if (code != CURLE_OK) failed(curl_easy_strerror(code));
    curl_easy_getinfo(http, CURLINFO_RESPONSE_CODE, &page.status);
    curl_easy_cleanup(http);
    keep(page.text, NULL);
    return page;
}

/* Failures come with a body to read, so the status is not looked at. */
static const char *sent(const kyso_client *client, const char *operation, kyso_params *params) {
    const kyso_result *request = call(client, operation, params);
    const char *url = text(request, "/url"), *body = kyso_result_text(request, "/body", 5, NULL);
    struct curl_slist *headers = NULL;
    for (size_t i = 0; i < kyso_result_count(request, "/headers", 8); i++) {
        const char *name = kyso_result_member_name(request, "/headers", 8, i, NULL);
        const char *value = kyso_result_member_value(request, "/headers", 8, i, NULL);
        headers = curl_slist_append(headers, format("%s: %s", name, value));
    }
    struct page page = transfer(text(request, "/method"), url, headers, body);
    curl_slist_free_all(headers);
    return page.text;
}

static const char *post(const char *url, const char *body) {
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: text/plain");
    struct page page = transfer("POST", url, headers, body);
    curl_slist_free_all(headers);
    return page.text;
}

static const char *browse(const char *url) {
    struct page page = transfer("GET", url, NULL, NULL);
    return page.status == 200 ? page.text : format("%ld %s", page.status, page.text);
}

/* Callbacks */

struct payment {
    const char *path, *key, *text, *raw;
};
static struct payment payments[16];
static size_t payment_count;
static struct {
    char path[64];
    int count;
} calls[8];

struct answer {
    const char *status, *content_type, *body;
};

static int is_ours(const char *order, const char *amount) {
    for (size_t i = 0; i < sizeof ORDERS / sizeof *ORDERS; i++)
        if (strcmp(ORDERS[i].order, order) == 0) return strcmp(ORDERS[i].amount, amount) == 0;
    return 0;
}

static int is_first_call(const char *path) {
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (!calls[i].count) snprintf(calls[i].path, sizeof calls[i].path, "%s", path);
        if (strcmp(calls[i].path, path) == 0) return calls[i].count++ == 0;
    }
    return 0;
}

static const struct payment *stored(const char *path, const char *key) {
    for (size_t i = 0; i < payment_count; i++)
        if (strcmp(payments[i].path, path) == 0 && strcmp(payments[i].key, key) == 0) return &payments[i];
    return NULL;
}

static struct answer acknowledgement(const kyso_client *client, const char *operation) {
    const kyso_result *result = call(client, operation, kyso_params_new());
    return (struct answer){text(result, "/status"), text(result, "/content_type"), text(result, "/body")};
}

/* Reads a message; what is not genuine or not ours gives an empty key. */
static struct payment read_message(const char *path, const char *query, const char *body, struct answer *answer) {
    struct payment payment = {path, NULL, NULL, body};
    if (strcmp(path, "/tconnect/ipn") == 0) {
        const kyso_result *ipn = call(tconnect, "tconnect.ipn.read_callback", input("body", body, NULL));
        if (!kyso_result_is_ok(ipn) || !is_ours(text(ipn, "/order_id"), text(ipn, "/amount"))) return payment;
        payment.key = text(ipn, "/idempotency_key");
        payment.text = format("order %s, %s VND, %s", text(ipn, "/order_id"), text(ipn, "/amount"), text(ipn, "/proof"));
        *answer = acknowledgement(tconnect, "tconnect.ipn.acknowledge");
    } else if (strcmp(path, "/appotapay/callback") == 0) {
        const kyso_result *result = call(appotapay, "appotapay.firm_banking.read_callback", input("body", body, NULL));
        const char *order = "/transaction/partnerRefId", *amount = "/transaction/amount";
        if (!kyso_result_is_ok(result) || !is_ours(text(result, order), text(result, amount))) return payment;
        payment.key = text(result, "/idempotency_key");
        payment.text = format("%s, %s VND, %s, %s", text(result, order), text(result, amount), text(result, "/proof"),
                              text(result, "/outcome"));
        *answer = acknowledgement(appotapay, "appotapay.firm_banking.acknowledge");
    } else if (strcmp(path, "/appotapay/bill") == 0) {
        const kyso_result *paid = call(appotapay, "appotapay.virtual_account.read_callback", input("body", body, NULL));
        const char *order = "/billCode", *amount = "/amount";
        if (!kyso_result_is_ok(paid) || !is_ours(text(paid, order), text(paid, amount))) return payment;
        payment.key = text(paid, "/idempotency_key");
        payment.text = format("%s, %s VND, %s, %s", text(paid, order), text(paid, amount), text(paid, "/proof"),
                              text(paid, "/outcome"));
        *answer = acknowledgement(appotapay, "appotapay.virtual_account.acknowledge");
    } else if (strcmp(path, "/hpay/webhook") == 0) {
        const kyso_result *paid = call(hpay, "hpay.open_api.read_callback", input("query", query, NULL));
        const char *order = "/client_request_id", *amount = "/amount";
        if (!kyso_result_is_ok(paid) || !is_ours(text(paid, order), text(paid, amount))) return payment;
        payment.key = text(paid, "/idempotency_key");
        payment.text = format("%s, %s VND, %s", text(paid, order), text(paid, amount), text(paid, "/proof"));
        *answer = acknowledgement(hpay, "hpay.open_api.acknowledge");
    } else {
        const char *link = strncmp(path, "/hpay/legacy/", 13) == 0 ? "legacy" : "v1";
        const kyso_result *paid =
            call(hpay, "hpay.checkout.read_callback", input("query", query, "link", link, NULL));
        if (!kyso_result_is_ok(paid) || !is_ours(text(paid, "/order_code"), text(paid, "/price")) ||
            strcmp(text(paid, "/transaction_info"), INFO) != 0)
            return payment;
        payment.key = text(paid, "/idempotency_key");
        payment.text = format("order %s, %s VND, %s, %s, %s", text(paid, "/order_code"), text(paid, "/price"),
                              text(paid, "/proof"), text(paid, "/outcome"), text(paid, "/evidence"));
        *answer = acknowledgement(hpay, "hpay.checkout.acknowledge");
    }
    return payment;
}

/* Every message that is not genuine gets the same answer. */
static struct answer called(const char *path, const char *query, const char *body) {
    const int returned = strstr(path, "/return") != NULL;
    if (!returned && is_first_call(path)) return (struct answer){"503", "text/plain", "the database is down"};
    struct answer answer = {0};
    const struct payment payment = read_message(path, query, body, &answer);
    if (!payment.key) return (struct answer){"400", "text/plain", "refused"};
    if (returned) {
        const char *known = stored(replaced(path, "/return", "/notify"), payment.key) ? "stored before" : "not stored";
        return (struct answer){"200", "text/plain", format("%s, %s", payment.text, known)};
    }
    if (!stored(path, payment.key)) {
        if (payment_count == sizeof payments / sizeof *payments) failed("too many payments");
        payments[payment_count++] = payment;
    }
    return answer;
}

/* One request: its head up to the empty line, then as much body as it says. */
static char *receive_request(int connection) {
    size_t length = 0, room = 65536;
    char *request = calloc(1, room);
    if (!request) failed("no memory");
    keep(request, NULL);
    for (;;) {
        const char *end = strstr(request, "\r\n\r\n"), *size = strcasestr(request, "\r\nContent-Length:");
        if (end && length >= (size_t)(end + 4 - request) + (size && size < end ? strtoul(size + 17, NULL, 10) : 0))
            return request;
        const ssize_t got = read(connection, request + length, room - 1 - length);
        if (got <= 0) return NULL;
        length += (size_t)got;
    }
}

static void *serve(void *listening) {
    for (;;) {
        const int connection = accept(*(int *)listening, NULL, NULL);
        if (connection < 0) return NULL;
        char *request = receive_request(connection), *rest = NULL;
        if (request) {
            char *body = strstr(request, "\r\n\r\n") + 4;
            strtok_r(request, " ", &rest);
            char *path = strtok_r(NULL, " ", &rest), *query = strchr(path, '?');
            if (query) *query++ = 0;
            const struct answer answer = called(path, query ? query : "", body);
            dprintf(connection, "HTTP/1.1 %s x\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                    answer.status, answer.content_type, strlen(answer.body), answer.body);
        }
        close(connection);
    }
}

static const char *start_server(int *listening) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    pthread_t thread;
    *listening = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(*listening, (struct sockaddr *)&address, size) || listen(*listening, 8) ||
        getsockname(*listening, (struct sockaddr *)&address, &size) || pthread_create(&thread, NULL, serve, listening))
        failed("no server");
    pthread_detach(thread);
    return format("http://127.0.0.1:%d", ntohs(address.sin_port));
}

/* What the gateway was answered, and what was stored. */
static void show_calls(const char *step, const char *path, const char *statuses) {
    const char *last = "";
    size_t count = 0;
    for (size_t i = 0; i < payment_count; i++)
        if (strcmp(payments[i].path, path) == 0) count++, last = payments[i].text;
    show(step, format("%s; stored %zu: %s", statuses, count, last));
}

/* The gateways */

static kyso_client *tconnect_with(const char *key) {
    return client("tconnect", input("partner_code", getenv("TCONNECT_PARTNER"), "key", key, "base_url",
                                    getenv("TCONNECT_URL"), NULL));
}

static kyso_params *credentials(void) {
    return input("username", getenv("TCONNECT_USERNAME"), "password", getenv("TCONNECT_PASSWORD"), "client_id",
                 getenv("TCONNECT_CLIENT_ID"), "client_secret", getenv("TCONNECT_CLIENT_SECRET"), NULL);
}

static kyso_result *read_tconnect(const char *operation, const char *body) {
    return call(tconnect, operation, input("body", body, NULL));
}

static const char *create_account(const char *token) {
    return sent(tconnect, "tconnect.virtual_account.create",
                input("access_token", token, "bank_code", "970454", "account_name", "NGUYEN VAN A", NULL));
}

static kyso_result *read_code(const char *body, const char *account, const char *amount) {
    kyso_params *params = input("body", body, NULL);
    set_json(params, "requested", format("{\"accountNumber\":\"%s\",\"amount\":%s}", account, amount));
    return call(tconnect, "tconnect.qr.read_create", params);
}

/* The gateway lists one payment per page here. */
static const char *list_payments(const char *token, int64_t page) {
    kyso_params *params = input("access_token", token, "from_date", "2026-01-01 00:00:00", "to_date",
                                "2099-12-31 23:59:59", NULL);
    kyso_params_set_integer(params, "limit", 5, 1);
    kyso_params_set_integer(params, "page", 4, page);
    return sent(tconnect, "tconnect.transactions.qr", params);
}

static kyso_result *confirm(const char *list) {
    return call(tconnect, "tconnect.ipn.confirm", input("ipn", payments[0].raw, "kind", "qr", "body", list, NULL));
}

static void pay_by_tconnect(const char *address) {
    const char *answer = sent(tconnect, "tconnect.auth.login", credentials());
    const kyso_result *tokens = read_tconnect("tconnect.auth.read_login", answer);
    show("TConnect login", format("%s, %s, %s s", text(tokens, "/proof"), text(tokens, "/token_type"),
                                  text(tokens, "/expires_in")));
    kyso_client *stranger = tconnect_with("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    answer = sent(stranger, "tconnect.auth.login", credentials());
    refused("TConnect login, other key", read_tconnect("tconnect.auth.read_login", answer));
    kyso_client_free(stranger);

    const char *refresh = text(tokens, "/refresh_token");
    answer = sent(tconnect, "tconnect.auth.refresh", input("refresh_token", refresh, NULL));
    const kyso_result *newer = read_tconnect("tconnect.auth.read_refresh", answer);
    const char *token = text(newer, "/access_token");
    const char *changed = strcmp(token, text(tokens, "/access_token")) != 0 ? "yes" : "no";
    show("TConnect refresh", format("%s, new token: %s", text(newer, "/proof"), changed));
    answer = sent(tconnect, "tconnect.auth.refresh", input("refresh_token", refresh, NULL));
    refused("TConnect refresh, used token", read_tconnect("tconnect.auth.read_refresh", answer));

    answer = sent(tconnect, "tconnect.services.list", input("access_token", token, "payment_method", "qr", NULL));
    const kyso_result *list = read_tconnect("tconnect.services.read_list", answer);
    const size_t rows = kyso_result_count(list, "/data", 5);
    const char *service = "none";
    for (size_t i = rows; i-- > 0;)
        if (strcmp(yes(list, format("/data/%zu/allowed_va_creation", i)), "yes") == 0)
            service = text(list, format("/data/%zu/code", i));
    show("TConnect services", format("%s of %zu", service, rows));

    const kyso_result *account = read_tconnect("tconnect.virtual_account.read_create", create_account(token));
    const char *number = text(account, "/va_number");
    show("TConnect virtual account", format("%s, %s", number, text(account, "/status")));
    refused("TConnect virtual account, bad token",
            read_tconnect("tconnect.virtual_account.read_create", create_account("no-such-token")));

    kyso_params *code = input("access_token", token, "accountNumber", number, "amount", "150000", "orderId", "DH-1001",
                              "narrative", "Thanh toán đơn hàng", "service_code", service, NULL);
    set_json(code, "extraData", "{\"table\":\"B12\"}");
    answer = sent(tconnect, "tconnect.qr.create", code);
    const kyso_result *made = read_code(answer, number, "150000");
    show("TConnect QR", format("%s %s, %s VND, bill %s", text(made, "/vietqr/bin"), text(made, "/vietqr/account"),
                               text(made, "/vietqr/amount"), text(made, "/vietqr/bill_number")));
    refused("TConnect QR, other amount asked", read_code(answer, number, "15000"));

    const char *url = getenv("TCONNECT_URL");
    post(format("%s/portal/callback_url", url), format("%s/tconnect/ipn", address));
    show_calls("TConnect IPN", "/tconnect/ipn", post(format("%s/portal/pay", url), text(made, "/qrString")));

    const char *first = list_payments(token, 1);
    list = read_tconnect("tconnect.transactions.read_qr", first);
    show("TConnect transactions, page 1",
         format("%s, %s VND, of %s pages", text(list, "/data/0/order_id"), text(list, "/data/0/amount"),
                text(list, "/pagination/total_pages")));
    refused("TConnect confirm, page 1", confirm(first));
    const kyso_result *found = confirm(list_payments(token, 2));
    show("TConnect confirm, page 2",
         format("%s, order %s, %s VND, reference equal: %s", text(found, "/proof"), text(found, "/order_id"),
                text(found, "/amount"), yes(found, "/reference_equal")));
}

/* What the buyer's browser does, first with a price of his own. */
static void open_link(const char *kind, const char *notify, const char *operation, kyso_params *link) {
    const char *url = text(call(hpay, operation, link), "/url");
    show(format("HPay %s link, price changed", kind), browse(replaced(url, "0000&currency", "000&currency")));
    show(format("HPay %s link, return_url", kind), browse(url));
    const char *statuses = browse(format("%s/portal/deliveries", getenv("HPAY_URL")));
    show_calls(format("HPay %s link, notify_url", kind), notify, statuses);
    show(format("HPay %s link, opened again", kind), browse(url));
}

static kyso_params *order(const char *address, const char *kind, const char *code, const char *price) {
    return input("return_url", format("%s/hpay/%s/return", address, kind), "notify_url",
                 format("%s/hpay/%s/notify", address, kind), "order_code", code, "price", price, "transaction_info", INFO,
                 "order_description", "Áo dài cỡ M/L = 2 chiếc?", "buyer_info", "Trần Thị B", NULL);
}

static void pay_by_hpay(const char *address) {
    kyso_params *link = order(address, "v1", "DH-1002", "200000");
    set(link, "lang", "vi");
    open_link("V1", "/hpay/v1/notify", "hpay.checkout.create_link", link);
    link = order(address, "legacy", "DH-1003", "350000");
    open_link("legacy", "/hpay/legacy/notify", "hpay.checkout.create_legacy_link", link);
}

static const char *hpay_transfer(const char *request, const char *account) {
    return sent(hpay, "hpay.firm_banking.transfer",
                input("requestId", request, "bankName", "TCB", "bankAccountNumber", account, "bankAccountName",
                      "NGUYEN VAN A", "amount", "500000", "note", "hoan tien DH-1002", NULL));
}

static kyso_result *read_hpay_transfer(const char *body, const char *request) {
    kyso_params *params = input("body", body, NULL);
    set_json(params, "expected", format("{\"data\":{\"requestId\":\"%s\"}}", request));
    return call(hpay, "hpay.firm_banking.read_transfer", params);
}

static kyso_result *inquire(const char *request) {
    const char *answer = sent(hpay, "hpay.firm_banking.inquire", input("requestId", request, NULL));
    return call(hpay, "hpay.firm_banking.read_inquire", input("body", answer, NULL));
}

static void transfer_by_hpay(void) {
    const char *body = hpay_transfer("CK-1", "19036000123");
    const kyso_result *done = read_hpay_transfer(body, "CK-1");
    show("HPay transfer", format("%s, account %s, cash-out %s", text(done, "/proof"), text(done, "/data/bankAccountNumber"),
                                 text(done, "/data/omiCashoutId")));
    refused("HPay transfer, answer changed", read_hpay_transfer(replaced(body, "19036000123", "19036000124"), "CK-1"));
    refused("HPay transfer, answer to another", read_hpay_transfer(body, "CK-2"));
    refused("HPay transfer, unclear", read_hpay_transfer(hpay_transfer("CK-2", "19036000199"), "CK-2"));
    refused("HPay transfer, sent again", read_hpay_transfer(hpay_transfer("CK-1", "19036000123"), "CK-1"));
    const char *requests[] = {"CK-1", "CK-2"};
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        const kyso_result *found = inquire(requests[i]);
        show(format("HPay inquiry, %s", requests[i]), format("%s, %s", text(found, "/proof"), text(found, "/outcome")));
    }
    refused("HPay inquiry, CK-3", inquire("CK-3"));
}

static kyso_result *read_hpay(const char *operation, const char *body) {
    return call(hpay, operation, input("body", body, NULL));
}

static kyso_result *token(const char *scope) {
    return read_hpay("hpay.open_api.read_token", sent(hpay, "hpay.open_api.token", input("scope", scope, NULL)));
}

static kyso_result *open_api_transfer(const kyso_result *token, const char *amount) {
    const char *answer =
        sent(hpay, "hpay.open_api.transfer",
             input("access_token", text(token, "/access_token"), "requestId", "CK-9", "bankName", "TCB",
                   "bankAccountNumber", "19036000123", "bankAccountName", "NGUYEN VAN A", "amount", amount, NULL));
    return read_hpay("hpay.open_api.read_transfer", answer);
}

static void use_open_api(const char *address) {
    const kyso_result *va = token("va"), *ibft = token("ibft"), *account = token("account");
    show("HPay Open API token",
         format("%s, %s, %s s", text(va, "/proof"), text(va, "/token_type"), text(va, "/expires_in")));

    const char *answer =
        sent(hpay, "hpay.open_api.create_va",
             input("access_token", text(va, "/access_token"), "requestId", "NAP-1", "vaType", "1", "vaName",
                   "NGUYEN VAN A", "vaCondition", "1", "vaAmount", "120000", "remark", "nap vi 1", "notifyUrl",
                   format("%s/hpay/webhook", address), NULL));
    const kyso_result *made = read_hpay("hpay.open_api.read_create_va", answer);
    const char *number = text(made, "/vaAccount");
    show("HPay Open API virtual account", format("%s, %s, %s VND", text(made, "/proof"), number, text(made, "/vaAmount")));
    show_calls("HPay Open API webhook", "/hpay/webhook", post(format("%s/portal/pay", getenv("HPAY_URL")), number));

    const kyso_result *done = open_api_transfer(ibft, "45000");
    show("HPay Open API transfer",
         format("%s, %s VND, cash-out %s", text(done, "/proof"), text(done, "/amount"), text(done, "/cashoutId")));
    refused("HPay Open API transfer, too much", open_api_transfer(ibft, "20000000"));
    refused("HPay Open API transfer, other scope", open_api_transfer(va, "45000"));
    answer = sent(hpay, "hpay.open_api.balance",
                  input("access_token", text(account, "/access_token"), "requestId", "SD-1", NULL));
    const kyso_result *balance = read_hpay("hpay.open_api.read_balance", answer);
    show("HPay Open API balance", format("%s, %s VND", text(balance, "/proof"), text(balance, "/balance")));
}

static const char *appotapay_transfer(const char *reference, const char *account, const char *kind, const char *amount) {
    return sent(appotapay, "appotapay.firm_banking.transfer",
                input("bankCode", "TPBANK", "accountNo", account, "accountType", kind, "accountName", "NGUYEN VAN A",
                      "amount", amount, "feeType", "payer", "partnerRefId", reference, "message", "rut tien vi", NULL));
}

static const char *appotapay_status(void) {
    return sent(appotapay, "appotapay.firm_banking.status", input("partnerRefId", "RUT-2", NULL));
}

static kyso_result *read_appotapay(const char *operation, const char *body) {
    return call(appotapay, operation, input("body", body, NULL));
}

static void show_transfer(const char *step, const kyso_result *read) {
    show(step, format("%s, %s, %s VND, %s", text(read, "/proof"), text(read, "/outcome"),
                      text(read, "/transaction/transferAmount"), text(read, "/transaction/appotapayTransId")));
}

static void transfer_by_appotapay(const char *address) {
    const char *read_transfer = "appotapay.firm_banking.read_transfer", *read_status = "appotapay.firm_banking.read_status";
    const char *answer = sent(appotapay, "appotapay.firm_banking.account_info",
                              input("bankCode", "TPBANK", "accountNo", "132100132400000", "accountType", "account",
                                    "partnerRefId", "TEN-1", NULL));
    const kyso_result *owner = read_appotapay("appotapay.firm_banking.read_account_info", answer);
    show("AppotaPay account", format("%s, %s", text(owner, "/proof"), text(owner, "/accountInfo/accountName")));

    answer = appotapay_transfer("RUT-1", "9704000000000018", "card", "30000");
    show_transfer("AppotaPay transfer", read_appotapay(read_transfer, answer));
    answer = appotapay_transfer("RUT-2", "132100132400001", "account", "50000");
    refused("AppotaPay transfer, pending", read_appotapay(read_transfer, answer));
    refused("AppotaPay status, pending", read_appotapay(read_status, appotapay_status()));

    const char *url = getenv("APPOTAPAY_URL"), *settle = format("%s/portal/settle", url);
    post(format("%s/portal/callback_url", url), format("%s/appotapay/callback", address));
    show_calls("AppotaPay callback", "/appotapay/callback", post(settle, "RUT-2"));
    show_transfer("AppotaPay status", read_appotapay(read_status, appotapay_status()));
    answer = appotapay_transfer("RUT-2", "132100132400001", "account", "50000");
    refused("AppotaPay transfer, sent again", read_appotapay(read_transfer, answer));
    appotapay_transfer("RUT-3", "132100132400000", "account", "70000");
    show_calls("AppotaPay callback, bank refused", "/appotapay/callback", post(settle, "RUT-3"));
    answer = sent(appotapay, "appotapay.firm_banking.balance", kyso_params_new());
    const kyso_result *balance = read_appotapay("appotapay.firm_banking.read_balance", answer);
    show("AppotaPay balance", format("%s, %s VND", text(balance, "/proof"), text(balance, "/account/balance")));
}

static void be_paid_by_appotapay(const char *address) {
    kyso_params *bill = input("billCode", "HD-1", "billInfo", "Thanh toán hóa đơn", "customerName", "PHAM MINH TUAN",
                              "amount", "90000", "paymentCondition", "EQ", "bankCode", "WOORIBANK", "notifyUrl",
                              format("%s/appotapay/bill", address), "extraData", "", NULL);
    const char *answer = sent(appotapay, "appotapay.virtual_account.create", bill);
    const kyso_result *made = read_appotapay("appotapay.virtual_account.read_create", answer);
    show("AppotaPay virtual account",
         format("%s, %s, %s, %s", text(made, "/proof"), text(made, "/payment/bankAccounts/0/accountNo"),
                text(made, "/payment/bankAccounts/0/bankBranch"), text(made, "/matched")));
    const char *statuses = post(format("%s/portal/pay", getenv("APPOTAPAY_URL")), "HD-1");
    show_calls("AppotaPay virtual account, IPN", "/appotapay/bill", statuses);
}

static const char *file(const char *path) {
    char *content = calloc(1, 16384);
    FILE *opened = fopen(path, "rb");
    if (!content || !opened || fread(content, 1, 16383, opened) == 0) failed(path);
    fclose(opened);
    keep(content, NULL);
    return content;
}

int main(void) {
    static int listening;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    tconnect = tconnect_with(getenv("TCONNECT_KEY"));
    kyso_params *config =
        input("merchant_site_code", getenv("HPAY_MERCHANT"), "secure_pass", getenv("HPAY_SECURE_PASS"), "passcode",
              getenv("HPAY_PASSCODE"), "receiver", getenv("HPAY_RECEIVER"), "private_key", file(getenv("HPAY_PRIVATE_KEY")),
              "hpay_certificate", file(getenv("HPAY_CERTIFICATE")), "client_id", getenv("HPAY_CLIENT_ID"), "client_secret",
              getenv("HPAY_CLIENT_SECRET"), "environment", "sandbox", NULL);
    const char *url = getenv("HPAY_URL");
    set_json(config, "base_urls", format("{\"checkout\":\"%s\",\"account\":\"%s\",\"open_api\":\"%s\"}", url, url, url));
    hpay = client("hpay", config);
    config = input("partner_code", getenv("APPOTAPAY_PARTNER"), "api_key", getenv("APPOTAPAY_API_KEY"), "secret_key",
                   getenv("APPOTAPAY_SECRET_KEY"), "environment", "sandbox", NULL);
    set_json(config, "base_urls", format("{\"gateway\":\"%s\"}", getenv("APPOTAPAY_URL")));
    appotapay = client("appotapay", config);

    const char *address = start_server(&listening);
    pay_by_tconnect(address);
    pay_by_hpay(address);
    transfer_by_hpay();
    use_open_api(address);
    transfer_by_appotapay(address);
    be_paid_by_appotapay(address);

    free_kept();
    kyso_client_free(tconnect), kyso_client_free(hpay), kyso_client_free(appotapay);
    curl_global_cleanup();
    return 0;
}
