// Checks the signature of an enforcement webhook from Vigie, with Go 1.18 or later and nothing else.
//
// Copy Verify into your receiver. As a program it checks one message:
//
//	WEBHOOK_SECRET=... go run verify.go TIMESTAMP SIGNATURE NOW < body
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
)

const secondsOffMax = 300

var digits = regexp.MustCompile(`^[0-9]{1,12}$`)

// Verify returns "accepted", or why the request is to be answered with 401. timestamp and signature are the
// headers Vigie-Timestamp and Vigie-Signature, body is the raw body before any parsing, now the present time in
// Unix seconds.
func Verify(secret, timestamp, signature string, body []byte, now int64) string {
	if !digits.MatchString(timestamp) {
		return "bad_timestamp"
	}
	sent, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return "bad_timestamp"
	}
	if now-sent > secondsOffMax || sent-now > secondsOffMax {
		return "timestamp_off"
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	expected := "v1=" + hex.EncodeToString(mac.Sum(nil))
	if !hmac.Equal([]byte(expected), []byte(signature)) {
		return "bad_signature"
	}
	return "accepted"
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: verify TIMESTAMP SIGNATURE NOW < body")
		os.Exit(2)
	}
	body, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	now, err := strconv.ParseInt(os.Args[3], 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, "NOW must be Unix seconds")
		os.Exit(2)
	}
	outcome := Verify(os.Getenv("WEBHOOK_SECRET"), os.Args[1], os.Args[2], body, now)
	fmt.Println(outcome)
	if outcome != "accepted" {
		os.Exit(1)
	}
}
