export default function AppConfig() { return null }
