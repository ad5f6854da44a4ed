/* Eight threads share a client; each call must answer as it does alone. Usage: threads CALLS */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kyso.h>

static const char CONFIG[] =
    "{\"merchant_site_code\":\"65001\",\"secure_pass\":\"test-pass-Aa1\",\"environment\":\"sandbox\"}";
static const char LINK[] =
    "{\"return_url\":\"https://shop.example.com/r\",\"receiver\":\"m@example.com\",\"order_code\":\"A1\",\"price\":20000}";

static kyso_client *client;
static long calls;
static char alone[256];

static void build(char *signature, size_t size) {
    kyso_result *result = kyso_hpay_checkout_create_link(client, LINK, strlen(LINK));
    const char *text = kyso_result_text(result, "/signature", 10, NULL);
    snprintf(signature, size, "%s", text == NULL ? "" : text);
    kyso_result_free(result);
    kyso_result *refused = kyso_call(client, "hpay.checkout.read_callback", 27, "{\"query\":\"a=b\"}", 15);
    if (kyso_result_is_ok(refused)) *signature = '\0';
    kyso_result_free(refused);
}

static void *work(void *wrong) {
    for (long i = 0; i < calls; i++) {
        char signature[256];
        build(signature, sizeof signature);
        if (strcmp(signature, alone) != 0) ++*(long *) wrong;
    }
    return NULL;
}

int main(int count, char **arguments) {
    pthread_t threads[8];
    long wrong[8] = {0}, sum = 0;
    calls = count > 1 ? atol(arguments[1]) : 1000;
    kyso_result_free(kyso_hpay_new(CONFIG, strlen(CONFIG), &client));
    build(alone, sizeof alone);
    for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, work, &wrong[i]);
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        sum += wrong[i];
    }
    kyso_client_free(client);
    printf("threads: %ld calls, %ld wrong\n", calls * 16, sum);
    return sum > 0 || *alone == '\0';
}
