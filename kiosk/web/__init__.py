"""What both doors share: safe headers, pages in a language, error pages, cookies, health. No page of its own."""
