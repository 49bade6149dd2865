/** Words for the base map and the morning's beginnings. */
export const ground = {
  mapBroken: 'Không tải được bản đồ nền; đang hiện bản đồ riêng của hệ thống.',
  mapCredit: (who: string) => `Bản đồ nền: ${who}`,
}
